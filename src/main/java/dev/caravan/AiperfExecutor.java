package dev.caravan;

import dev.caravan.exec.ProcessRunner;
import dev.caravan.run.LeftOvers;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;

/** Runs what camel-exec is given with our own process control. */
final class AiperfExecutor implements ExecCommandExecutor {

  private final ProcessRunner runner;
  private final LeftOvers notes;

  AiperfExecutor(ProcessRunner runner, LeftOvers notes) {
    this.runner = runner;
    this.notes = notes;
  }

  @Override
  public ExecResult execute(ExecCommand command) {
    LaunchCommand launch = (LaunchCommand) command;
    return new LaunchResult(launch, launch.attempt().start(runner, notes));
  }
}
