package dev.caravan.app.camel;

import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.run.Attempt;
import dev.caravan.pipeline.run.OrphanReaper;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;

/** Executes camel-exec's commands with Caravan's own process control. */
public final class AiperfExecutor implements ExecCommandExecutor {

  private final ProcessRunner runner;
  private final OrphanReaper orphanReaper;
  private final PipelineListeners listeners;

  public AiperfExecutor(
      ProcessRunner runner, OrphanReaper orphanReaper, PipelineListeners listeners) {
    this.listeners = listeners;
    this.runner = runner;
    this.orphanReaper = orphanReaper;
  }

  @Override
  public ExecResult execute(ExecCommand command) {
    LaunchCommand launch = (LaunchCommand) command;
    Attempt attempt = launch.attempt();
    listeners.publish(new PipelineChange.Started(attempt.task().run(), attempt.number()));
    return new LaunchResult(launch, attempt.start(runner, orphanReaper));
  }
}
