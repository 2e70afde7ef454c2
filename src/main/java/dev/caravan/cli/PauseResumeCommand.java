package dev.caravan.cli;

import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The common part of {@code pause} and {@code resume}. */
abstract class PauseResumeCommand extends ControlCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "BATCH",
      description = CaravanCommand.BATCH + " Default: everything.")
  private String name;

  @Option(names = "--target", paramLabel = "URL", description = "All runs on this service.")
  private String target;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = CaravanCommand.REASON)
  private String reason;

  abstract ControlRequest.Action action();

  @Override
  String send(HomeClient home) throws ControlRefusedException, IOException, InterruptedException {
    return home.pauseOrResume(
        action(), Optional.ofNullable(name), Optional.ofNullable(target), reason);
  }
}
