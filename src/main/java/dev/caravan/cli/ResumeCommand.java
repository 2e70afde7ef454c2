package dev.caravan.cli;

import dev.caravan.pipeline.accept.ControlRequest.Action;
import picocli.CommandLine.Command;

/** {@code caravan resume}: ends a pause. */
@Command(
    name = "resume",
    description = "Resumes a paused batch, a paused service or everything.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan resume --target http://gpu-host:8000")
final class ResumeCommand extends PauseResumeCommand {

  @Override
  Action action() {
    return Action.RESUME;
  }
}
