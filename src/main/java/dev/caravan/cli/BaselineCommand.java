package dev.caravan.cli;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.Plural;
import dev.caravan.observe.compare.Baselines;
import dev.caravan.observe.compare.Baselines.Baseline;
import dev.caravan.observe.compare.CompareRules;
import dev.caravan.observe.compare.ComparedBatch;
import dev.caravan.observe.compare.Comparisons;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.io.PrintWriter;
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

  /** A path may be long. */
  private static final int MAX_LINE = 6_000;

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
      } else if (name.isPresent()) {
        show(baselines.find(name.get()));
      } else {
        return showAll(baselines);
      }
      return Exit.OK;
    } catch (IOException e) {
      Console.sentence("caravan: " + FileFailures.message(e));
      return Exit.REFUSED;
    }
  }

  /** A damaged baseline does not hide the others. */
  private int showAll(Baselines baselines) throws IOException {
    int exit = Exit.OK;
    for (String each : baselines.names()) {
      try {
        baselines.stored(each).ifPresent(this::show);
      } catch (IOException e) {
        Console.sentence(
            "caravan: cannot read the baseline " + each + ": " + FileFailures.message(e));
        exit = Exit.REFUSED;
      }
    }
    return exit;
  }

  private void show(Baseline baseline) {
    PrintWriter out = spec.commandLine().getOut();
    ComparedBatch stored = baseline.batch();
    String where =
        stored.isThere()
            ? " from " + stored.folder()
            : "; its batch is gone from " + stored.folder() + ", its figures are kept";
    String line =
        "%s: %s, %s, stored %s%s"
            .formatted(
                baseline.name(),
                stored.id(),
                Plural.runs(stored.runs().size()),
                baseline.storedAt(),
                where);
    out.println(OneLine.line(line, MAX_LINE));
    out.flush();
  }
}
