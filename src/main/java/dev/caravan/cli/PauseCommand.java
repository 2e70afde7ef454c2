package dev.caravan.cli;

import dev.caravan.pipeline.accept.ControlRequest.Action;
import picocli.CommandLine.Command;

/** {@code caravan pause}: holds back what has not started. */
@Command(
    name = "pause",
    description = "Holds back the runs of a batch or a target, or all, that have not started.",
    mixinStandardHelpOptions = true)
final class PauseCommand extends PauseResumeCommand {

  @Override
  Action action() {
    return Action.PAUSE;
  }
}
