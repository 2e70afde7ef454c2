package dev.caravan.cli;

import dev.caravan.model.Outcome;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchTable;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan list}: lists batches, newest first. */
@Command(
    name = "list",
    description = "Lists batches, newest first, with the best throughput of each.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan list --since 7d --model llama --outcome failed")
final class ListCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "DIR",
      description = "Folders to search for batches (default: the results of the home).")
  private List<Path> folders = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description = "Only batches started within this time, such as 12h or 30d.")
  private Duration since;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "Only batches with this label.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--model",
      paramLabel = "TEXT",
      description = "Only batches whose model name contains this text.")
  private String model = "";

  @Option(
      names = "--target",
      paramLabel = "TEXT",
      description = "Only batches whose service URL contains this text.")
  private String target = "";

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      converter = OutcomeConverter.class,
      description = "Only batches with at least one run of this outcome, such as failed.")
  private Optional<Outcome> outcome = Optional.empty();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    print(caravan.home().batches(folders));
    return Exit.OK;
  }

  private void print(List<BatchEntry> all) {
    List<BatchEntry> entries =
        all.stream()
            .filter(this::matches)
            .sorted(Comparator.comparing(ListCommand::startedAt).reversed())
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.text(entries));
    } else {
      out.print(
          entries.isEmpty() ? "No batches.\n" : new BatchTable(Console.width()).text(entries));
    }
    out.flush();
  }

  private boolean matches(BatchEntry entry) {
    return (since == null || startedAt(entry).isAfter(Instant.now().minus(since)))
        && entry.labels().entrySet().containsAll(labels.entrySet())
        && entry.model().contains(model)
        && entry.target().contains(target)
        && outcome.filter(each -> entry.count(each) == 0).isEmpty();
  }

  /** When the batch started; {@link Instant#MIN} when that is unknown. */
  private static Instant startedAt(BatchEntry entry) {
    try {
      return OffsetDateTime.parse(entry.startedAt()).toInstant();
    } catch (DateTimeException e) {
      return local(entry.startedAt());
    }
  }

  /** Reads the local times that trees of run_aiperf.py hold. */
  private static Instant local(String text) {
    try {
      return LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    } catch (DateTimeException e) {
      return Instant.MIN;
    }
  }
}
