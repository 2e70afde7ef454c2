package dev.caravan;

import dev.caravan.exec.ProcessRunner;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecResult;

/** Runs what camel-exec is given with our own process control. */
final class AiperfExecutor implements ExecCommandExecutor {

  private final ProcessRunner runner;

  AiperfExecutor(ProcessRunner runner) {
    this.runner = runner;
  }

  @Override
  public ExecResult execute(ExecCommand command) {
    LaunchCommand launch = (LaunchCommand) command;
    return new LaunchResult(launch, launch.attempt().start(runner));
  }
}
