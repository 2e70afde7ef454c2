package dev.caravan.cli;

import dev.caravan.pipeline.accept.ControlRequest.Action;
import picocli.CommandLine.Command;

/** {@code caravan resume}: lets go on what was paused. */
@Command(
    name = "resume",
    description = "Lets a batch or a target go on, or all, that was paused.",
    mixinStandardHelpOptions = true)
final class ResumeCommand extends PauseResumeCommand {

  @Override
  Action action() {
    return Action.RESUME;
  }
}
