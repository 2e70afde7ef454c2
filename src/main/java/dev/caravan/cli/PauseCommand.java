package dev.caravan.cli;

import dev.caravan.pipeline.accept.ControlRequest.Action;
import picocli.CommandLine.Command;

/** {@code caravan pause}: starts no further runs until {@code resume}. */
@Command(
    name = "pause",
    description =
        "Pauses a batch, a service or everything: runs in progress finish, no others start.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan pause --target http://gpu-host:8000 --why maintenance")
final class PauseCommand extends PauseResumeCommand {

  @Override
  Action action() {
    return Action.PAUSE;
  }
}
