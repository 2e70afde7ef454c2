package dev.caravan.app.camel;

import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.pipeline.run.Attempt;
import dev.caravan.pipeline.run.OrphanReaper;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;

/** Runs what camel-exec is given with our own process control. */
public final class AiperfExecutor implements ExecCommandExecutor {

  private final ProcessRunner runner;
  private final OrphanReaper notes;
  private final PipelineListener changes;

  public AiperfExecutor(ProcessRunner runner, OrphanReaper notes, PipelineListener changes) {
    this.changes = changes;
    this.runner = runner;
    this.notes = notes;
  }

  @Override
  public ExecResult execute(ExecCommand command) {
    LaunchCommand launch = (LaunchCommand) command;
    Attempt attempt = launch.attempt();
    changes.started(attempt.task().run(), attempt.number());
    return new LaunchResult(launch, attempt.start(runner, notes));
  }
}
