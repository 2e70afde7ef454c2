package dev.caravan.cli;

import dev.caravan.config.settings.Settings;
import dev.caravan.observe.compare.Baselines;
import dev.caravan.observe.compare.Baselines.Baseline;
import dev.caravan.observe.compare.CompareRules;
import dev.caravan.observe.compare.ComparedBatch;
import dev.caravan.observe.compare.Comparisons;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code caravan baseline}: stores a batch under a name to compare with, or shows what is stored.
 */
@Command(
    name = "baseline",
    description = "Stores a batch to compare with, or shows which one is stored.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan baseline release nightly && caravan compare baseline:release latest")
final class BaselineCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The baseline; without it, all are listed.")
  private Optional<String> name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "BATCH",
      description =
          "The batch to store; without it, the baseline is shown. " + CaravanCommand.BATCH)
  private Optional<String> batch;

  @Override
  public Integer call() {
    Settings settings = caravan.settingsOfNearestHome();
    Baselines baselines = new Baselines(new Home(settings.home()), new DurableFiles());
    try {
      if (batch.isPresent()) {
        ComparedBatch read = Comparisons.of(settings, CompareRules.USUAL).batch(batch.get());
        show(baselines.store(name.orElseThrow(), read));
      } else {
        List<String> names = name.isPresent() ? List.of(name.get()) : baselines.names();
        for (String each : names) {
          show(baselines.find(each));
        }
      }
      return Exit.OK;
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
  }

  private void show(Baseline baseline) {
    PrintWriter out = spec.commandLine().getOut();
    ComparedBatch stored = baseline.batch();
    boolean isThere = Files.exists(Path.of(stored.folder()));
    out.println(
        baseline.name()
            + ": "
            + stored.id()
            + ", "
            + Plural.runs(stored.runs().size())
            + ", stored "
            + baseline.storedAt()
            + (isThere
                ? " from " + stored.folder()
                : "; its batch is gone from " + stored.folder() + ", its figures are kept"));
    out.flush();
  }
}
