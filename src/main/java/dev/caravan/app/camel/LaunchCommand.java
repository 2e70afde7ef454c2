package dev.caravan.app.camel;

import dev.caravan.pipeline.run.Attempt;
import java.util.List;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.exec.ExecCommand;

/** Wraps an attempt as the command that camel-exec passes from binding to executor. */
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

  /** Omits the arguments because camel-exec logs this text. */
  @Override
  public String toString() {
    return getExecutable();
  }
}
