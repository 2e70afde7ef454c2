package dev.caravan.cli;

import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.storage.FileFailures;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan watch}: follows a batch that a daemon runs. */
@Command(
    name = "watch",
    description = "Follows a batch until it finishes. Ctrl-C stops watching, not the batch.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan watch latest")
final class WatchCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "BATCH",
      description = CaravanCommand.BATCH + " Default: the first unfinished batch.")
  private String name = "";

  @Override
  public Integer call() throws InterruptedException {
    try {
      Optional<String> batch = Optional.of(name).filter(given -> !given.isEmpty());
      return new BatchFollower(true, FailOn.FAILED).follow(caravan.home().batch(batch));
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + FileFailures.message(e));
      return Exit.REFUSED;
    }
  }
}
