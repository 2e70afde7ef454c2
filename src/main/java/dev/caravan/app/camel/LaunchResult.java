package dev.caravan.app.camel;

import dev.caravan.pipeline.process.ProcessExit;
import org.apache.camel.component.exec.ExecResult;

/** How a launch ended, in the form that camel-exec hands from its executor to its binding. */
final class LaunchResult extends ExecResult {

  private static final long serialVersionUID = 1L;

  private final transient ProcessExit ended;

  LaunchResult(LaunchCommand command, ProcessExit ended) {
    // Camel logs an error for every other value; how it ended is told by the run's own line.
    super(command, null, null, 0);
    this.ended = ended;
  }

  ProcessExit ended() {
    return ended;
  }
}
