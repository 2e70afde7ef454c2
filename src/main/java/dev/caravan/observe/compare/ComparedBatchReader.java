package dev.caravan.observe.compare;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.Parameters;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchData;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.LateChecks;
import dev.caravan.observe.report.Point;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ResultFolders;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads a batch for a comparison: one of Caravan's, from its table when it has finished, or the
 * runs that another program left in a folder.
 */
public final class ComparedBatchReader {

  private static final String VARY_PROMPTS = "vary_prompts";

  private final BatchStore store = new BatchStore(new DurableFiles());
  private final BatchReader reader = BatchReader.ofTables(store, LateChecks.now());

  /**
   * The batch in this folder.
   *
   * @throws IOException when the folder holds no run
   */
  public ComparedBatch read(Path folder) throws IOException {
    BatchData data = reader.read(folder);
    Optional<Batch> batch = ResultFolders.isBatch(folder) ? store.find(folder) : Optional.empty();
    List<ComparedRun> runs =
        data.points().parallelStream()
            .filter(point -> !point.open())
            .map(point -> run(data, point, batch))
            .toList();
    return new ComparedBatch(
        data.id(),
        folder.toString(),
        data.provenance().startedAt(),
        data.finished(),
        data.total(),
        runs);
  }

  private static ComparedRun run(BatchData data, Point point, Optional<Batch> batch) {
    RunFolder files = new RunFolder(data.folder().resolve(point.folder()));
    Optional<Environment> environment = Environment.read(files.environment());
    Map<String, String> facts = RunFacts.others(environment);
    facts.put("url", data.provenance().target());
    data.provenance().labels().forEach((name, value) -> facts.put("label " + name, value));
    return new ComparedRun(
        "",
        point.folder(),
        label(data.keys(), point.values()),
        1,
        point.state(),
        point.startedAt(),
        point.checks().findings().stream()
            .collect(Collectors.toMap(each -> each.id(), each -> each.level().value())),
        metrics(point),
        batch.map(own -> planned(own, point.index())).orElseGet(() -> recorded(files)),
        RunFacts.client(environment, data.provenance().aiperf()),
        facts);
  }

  private static String label(List<String> keys, Collection<Object> values) {
    List<Object> each = List.copyOf(values);
    return IntStream.range(0, keys.size())
        .mapToObj(key -> keys.get(key) + " " + each.get(key))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, Double> metrics(Point point) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (ReportMetric metric : ReportMetric.values()) {
      point.metrics().get(metric).ifPresent(value -> metrics.put(metric.column(), value));
    }
    point
        .checks()
        .get(Statistic.PREFIX_HITS)
        .ifPresent(hits -> metrics.put(Statistic.PREFIX_HITS.column(), hits));
    return metrics;
  }

  private static Map<String, String> planned(Batch batch, int index) {
    Map<String, String> texts = ParameterTexts.of(batch.run(index).parameters());
    texts.put(VARY_PROMPTS, String.valueOf(batch.config().variesPrompts()));
    return texts;
  }

  /** The parameters that a program recorded; empty if it did not. */
  private static Map<String, String> recorded(RunFolder files) {
    try {
      JsonNode metadata = Json.read(files.runMetadata(), JsonNode.class);
      return Parameters.ofOthers(
              values(metadata.path("base_config")), values(metadata.path("sweep_params")))
          .map(ParameterTexts::of)
          .orElse(Map.of());
    } catch (IOException e) {
      return Map.of(); // a folder of aiperf itself
    }
  }

  private static Map<String, Object> values(JsonNode object) {
    if (!object.isObject()) {
      return Map.of();
    }
    Map<String, Object> values =
        Json.MAPPER.convertValue(object, new TypeReference<LinkedHashMap<String, Object>>() {});
    values.values().removeIf(value -> value == null);
    return values;
  }
}
