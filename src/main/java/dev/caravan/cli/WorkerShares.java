package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.caravan.config.text.Plural;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which worker executed which runs of a batch, according to the result files. */
final class WorkerShares {

  private final Map<String, String> names;
  private final Map<String, Integer> runsByWorker = new TreeMap<>();

  /** A run with the worker that executed it. */
  private record ExecutedRun(String run, String worker, String host, Head head) {}

  /**
   * A table that shows workers under these names.
   *
   * @param names worker id to display name
   */
  WorkerShares(Map<String, String> names) {
    this.names = names;
  }

  /** A table of the runs in this batch folder, then the runs per worker and the total time. */
  List<String> lines(Path folder) throws IOException {
    List<ExecutedRun> runs = new ArrayList<>();
    Batch batch = new BatchStore(new DurableFiles()).load(folder);
    for (int index : batch.indexes().toArray()) {
      executed(batch.run(index)).ifPresent(runs::add);
    }
    if (runs.isEmpty()) {
      return List.of("No runs were executed");
    }
    int widest = runs.stream().mapToInt(d -> d.run().length()).max().orElse(0);
    String format = "%-" + widest + "s  %-8s  %-20s  %-10s  %7s";
    List<String> lines = new ArrayList<>();
    lines.add(format.formatted("run", "worker", "host", "outcome", "seconds"));
    for (ExecutedRun run : runs) {
      runsByWorker.merge(run.worker(), 1, Integer::sum);
      String outcome = run.head().status().value();
      String duration = seconds(run.head().duration());
      lines.add(format.formatted(run.run(), run.worker(), run.host(), outcome, duration));
    }
    lines.add(total(runs));
    return lines;
  }

  private Optional<ExecutedRun> executed(Run run) {
    RunFolder folder = new RunFolder(run.folder());
    Optional<Head> head = ProcessResult.head(folder.processResult());
    if (head.isEmpty()) {
      return Optional.empty();
    }
    JsonNode metadata = metadata(folder.runMetadata());
    String id = metadata.path("worker").asText("?");
    String host = metadata.path("host").asText("?");
    return Optional.of(
        new ExecutedRun(run.folderName(), names.getOrDefault(id, id), host, head.get()));
  }

  private static JsonNode metadata(Path file) {
    try {
      return Json.read(file, JsonNode.class);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private String total(List<ExecutedRun> runs) {
    List<String> parts = new ArrayList<>();
    runsByWorker.forEach((worker, count) -> parts.add(worker + " " + Plural.runs(count)));
    Duration all =
        runs.stream().map(d -> d.head().duration()).reduce(Duration.ZERO, Duration::plus);
    OffsetDateTime first =
        runs.stream().map(d -> d.head().startedAt()).min(Comparator.naturalOrder()).orElseThrow();
    OffsetDateTime last =
        runs.stream().map(d -> d.head().endedAt()).max(Comparator.naturalOrder()).orElseThrow();
    return "%s: %s s of run time in %s s"
        .formatted(String.join(", ", parts), seconds(all), seconds(Duration.between(first, last)));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
  }
}
