package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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

/** Who executed the runs of a batch, by what the results say. */
final class WorkerShares {

  private final Map<String, String> names;
  private final Map<String, Integer> shares = new TreeMap<>();

  /** A run that was executed. */
  private record Done(String run, String worker, String host, Head head) {}

  /** Shares in which workers are called by these names rather than by their ids. */
  WorkerShares(Map<String, String> names) {
    this.names = names;
  }

  /** A table of the runs of this batch folder, then each worker's share and the time of all. */
  List<String> lines(Path folder) throws IOException {
    List<Done> done = new ArrayList<>();
    Batch batch = new BatchStore(new DurableFiles()).load(folder);
    for (int index = 0; index < batch.size(); index++) {
      done(batch.run(index)).ifPresent(done::add);
    }
    if (done.isEmpty()) {
      return List.of("No run was executed");
    }
    int widest = done.stream().mapToInt(d -> d.run().length()).max().orElse(0);
    String form = "%-" + widest + "s  %-8s  %-20s  %-10s  %7s";
    List<String> lines = new ArrayList<>();
    lines.add(form.formatted("run", "worker", "host", "outcome", "seconds"));
    for (Done each : done) {
      shares.merge(each.worker(), 1, Integer::sum);
      String outcome = each.head().status().word();
      String took = seconds(each.head().duration());
      lines.add(form.formatted(each.run(), each.worker(), each.host(), outcome, took));
    }
    lines.add(sum(done));
    return lines;
  }

  private Optional<Done> done(Run run) {
    RunFolder folder = new RunFolder(run.folder());
    Optional<Head> head = ProcessResult.head(folder.processResult());
    if (head.isEmpty()) {
      return Optional.empty();
    }
    JsonNode noted = noted(folder.runMetadata());
    String id = noted.path("worker").asText("?");
    String host = noted.path("host").asText("?");
    return Optional.of(new Done(run.folderName(), names.getOrDefault(id, id), host, head.get()));
  }

  private static JsonNode noted(Path file) {
    try {
      return Json.read(file, JsonNode.class);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private String sum(List<Done> done) {
    List<String> parts = new ArrayList<>();
    shares.forEach((worker, runs) -> parts.add(worker + " " + Plural.of(runs, "run")));
    Duration all =
        done.stream().map(d -> d.head().duration()).reduce(Duration.ZERO, Duration::plus);
    OffsetDateTime first =
        done.stream().map(d -> d.head().startedAt()).min(Comparator.naturalOrder()).orElseThrow();
    OffsetDateTime last =
        done.stream().map(d -> d.head().endedAt()).max(Comparator.naturalOrder()).orElseThrow();
    return "%s: %s s of runs in %s s"
        .formatted(String.join(", ", parts), seconds(all), seconds(Duration.between(first, last)));
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
  }
}
