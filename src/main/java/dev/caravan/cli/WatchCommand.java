package dev.caravan.cli;

import dev.caravan.pipeline.outcome.FailOn;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code caravan watch}: follows a batch that a daemon runs. */
@Command(
    name = "watch",
    description = "Follows a batch until it finishes. Ctrl-C stops watching, not the batch.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan watch latest")
final class WatchCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Parameters(
      arity = "0..1",
      paramLabel = "BATCH",
      description = CaravanCommand.BATCH + " Default: the first unfinished batch.")
  private String name = "";

  @Override
  @SuppressWarnings("try")
  public Integer call() throws IOException, InterruptedException {
    Optional<String> batch = Optional.of(name).filter(given -> !given.isEmpty());
    FollowedBatch followed = caravan.home().batch(batch);
    try (FollowHint hint = new FollowHint()) {
      return new BatchFollower(true, FailOn.FAILED).follow(followed);
    }
  }
}
