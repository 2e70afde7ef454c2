package dev.caravan.cli;

import dev.caravan.config.settings.ResultsKeep;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.Plural;
import dev.caravan.observe.retention.BatchInUseException;
import dev.caravan.observe.retention.Bytes;
import dev.caravan.observe.retention.Protection;
import dev.caravan.observe.retention.Pruner;
import dev.caravan.observe.retention.Retention;
import dev.caravan.observe.retention.Surplus;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan prune}: deletes or compresses old batches. */
@Command(
    name = "prune",
    description = {
      "Deletes old batches, or compresses them.",
      "Keeps unfinished batches, baselines, batches that newer ones are compared with, and batches"
          + " with withheld files."
    },
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan prune --keep 30 --compress --dry-run")
final class PruneCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Limit limit;

  /** Which batches of a name stay. */
  private static final class Limit {

    @Option(
        names = "--keep",
        paramLabel = "N",
        description = "Keep the newest N batches of each name.")
    private Integer keep;

    @Option(
        names = "--older",
        paramLabel = "AGE",
        converter = SinceConverter.class,
        description = "Prune batches that ended longer ago than this, such as 90d.")
    private Duration older;
  }

  @Option(names = "--name", paramLabel = "NAME", description = "Only batches of this name.")
  private Optional<String> name;

  @Option(
      names = "--compress",
      description =
          "Pack the files that only people read (requests, prompts, logs, earlier attempts) into a"
              + " files.zip in each run's folder, instead of deleting the batch.")
  private boolean compress;

  @Option(names = "--dry-run", description = "Only print what would be done.")
  private boolean dryRun;

  @Override
  public Integer call() {
    ResultsKeep rule = rule();
    try {
      Settings settings = caravan.settingsOfNearestHome();
      DurableFiles files = new DurableFiles();
      Home home = Home.ofCommand(settings.home(), settings.environment(), files);
      Protection protection = Protection.of(home, files, Optional.empty());
      BatchFinder finder = BatchFinder.of(settings);
      Retention retention = new Retention(settings, finder, protection);
      Pruner pruner = new Pruner(protection, files);
      if (!dryRun) {
        pruner.finish(finder.outputFolders());
      }
      List<Surplus> surplus =
          name.isPresent() ? retention.surplus(rule, name.get()) : retention.surplus(rule);
      return prune(surplus, pruner);
    } catch (IOException e) {
      Console.sentence("caravan: " + FileFailures.message(e));
      return Exit.REFUSED;
    }
  }

  private ResultsKeep rule() {
    if (limit.keep != null ? limit.keep < 1 : limit.older.isZero()) {
      throw new ParameterException(
          spec.commandLine(), "--keep must be 1 or more, and --older longer than nothing");
    }
    return limit.keep != null
        ? ResultsKeep.newest(limit.keep, compress)
        : ResultsKeep.younger(limit.older, compress);
  }

  /** A batch that cannot be pruned keeps no other from being pruned. */
  private int prune(List<Surplus> surplus, Pruner pruner) {
    PrintWriter out = spec.commandLine().getOut();
    int exit = Exit.OK;
    int done = 0;
    long bytes = 0;
    for (Surplus each : surplus) {
      if (each.staysBecause().isPresent()) {
        out.println("Stays: " + each.id() + ": " + each.staysBecause().get());
        continue;
      }
      try {
        long some = bytes(each.folder(), pruner);
        if (some != 0) {
          out.println(verb() + " " + each.id() + ": " + Bytes.text(some));
          bytes += some;
          done++;
        }
      } catch (BatchInUseException e) {
        out.println("Stays: " + each.id() + ": " + e.getMessage());
      } catch (IOException | UncheckedIOException e) {
        Console.sentence("caravan: " + each.id() + " is not pruned: " + FileFailures.message(e));
        exit = Exit.FAILED;
      }
    }
    out.println(done == 0 ? "Nothing to prune." : total(done, bytes));
    out.flush();
    return exit;
  }

  private long bytes(Path folder, Pruner pruner) throws IOException {
    return dryRun ? pruner.bytes(folder, compress) : pruner.prune(folder, compress);
  }

  private String verb() {
    return (dryRun ? "Would " : "")
        + (compress ? dryRun ? "compress" : "Compressed" : dryRun ? "delete" : "Deleted");
  }

  private String total(int batches, long bytes) {
    String what = Plural.batches(batches);
    String size = Bytes.text(bytes);
    if (dryRun) {
      return compress
          ? "Would compress files of " + what + ", " + size + " in all."
          : "Would free " + size + ": " + what + ".";
    }
    return "Freed " + size + ": " + what + ".";
  }
}
