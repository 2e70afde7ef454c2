package dev.caravan.app.camel;

import dev.caravan.pipeline.run.Attempt;
import java.util.List;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.exec.ExecCommand;

/** An attempt in the form that camel-exec hands from its binding to its executor. */
final class LaunchCommand extends ExecCommand {

  private static final long serialVersionUID = 1L;

  private final transient Attempt attempt;

  LaunchCommand(Attempt attempt) {
    super("aiperf", List.of(), null, 0L, null, null, null, false, LoggingLevel.TRACE);
    this.attempt = attempt;
  }

  Attempt attempt() {
    return attempt;
  }

  /** Never the arguments: camel-exec logs this text. */
  @Override
  public String toString() {
    return getExecutable();
  }
}
