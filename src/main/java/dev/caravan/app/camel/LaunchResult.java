package dev.caravan.app.camel;

import dev.caravan.pipeline.process.ProcessExit;
import org.apache.camel.component.exec.ExecResult;

/** Wraps a process exit as the result that camel-exec passes from executor to binding. */
final class LaunchResult extends ExecResult {

  private static final long serialVersionUID = 1L;

  private final transient ProcessExit exit;

  LaunchResult(LaunchCommand command, ProcessExit exit) {
    // Always 0: for any other value Camel logs an error, and the run stage logs the exit itself.
    super(command, null, null, 0);
    this.exit = exit;
  }

  ProcessExit exit() {
    return exit;
  }
}
