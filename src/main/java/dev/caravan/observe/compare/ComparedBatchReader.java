package dev.caravan.observe.compare;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.Parameters;
import dev.caravan.config.RunMatrix;
import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.plan.Place;
import dev.caravan.observe.report.BatchData;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.LateChecks;
import dev.caravan.observe.report.ParameterTexts;
import dev.caravan.observe.report.Point;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ResultFolders;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Reads a batch for a comparison: one of Caravan's, from its table when it has finished, or the
 * runs that another program left in a folder. For one comparison: it keeps what it has read.
 */
public final class ComparedBatchReader {

  /** The fact where the service is. */
  static final String URL = "url";

  /** The figure when the process of the service started, in seconds since 1970. */
  static final String SERVICE_START = "service_process_start";

  private static final String VARY_PROMPTS = "vary_prompts";

  private final BatchStore store = new BatchStore(new DurableFiles());
  private final BatchReader reader = BatchReader.ofTables(store, LateChecks.now());
  private final Map<Path, ComparedBatch> read = new HashMap<>();

  /**
   * The batch in this folder, as it is when it is read for the first time.
   *
   * @throws IOException when the folder holds no run
   */
  public ComparedBatch read(Path folder) throws IOException {
    ComparedBatch known = read.get(folder);
    if (known == null) {
      known = readNow(folder);
      read.put(folder, known);
    }
    return known;
  }

  private ComparedBatch readNow(Path folder) throws IOException {
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
        batch.map(ComparedBatchReader::variants).orElse(List.of()),
        runs);
  }

  private static List<ComparedVariant> variants(Batch batch) {
    RunMatrix matrix = batch.config().matrix();
    return matrix.variants().entrySet().stream()
        .map(
            each ->
                ComparedVariant.of(
                    each.getKey(), each.getValue(), matrix.perConcurrency().keySet()))
        .toList();
  }

  private static ComparedRun run(BatchData data, Point point, Optional<Batch> batch) {
    RunFolder files = new RunFolder(data.folder().resolve(point.folder()));
    Optional<Environment> environment = Environment.read(files.environment());
    Optional<Run> run = batch.map(own -> own.run(point.index()));
    Place place = run.map(Run::place).orElse(point.place());
    boolean isNamed = run.isPresent() || !place.equals(Place.UNKNOWN);
    return new ComparedRun(
        place.variant(),
        isNamed ? place.point() : point.folder(),
        run.map(own -> label(List.copyOf(own.sweepValues().keySet()), own.sweepValues().values()))
            .orElseGet(() -> label(data.keys(), point.values())),
        place.repeat(),
        point.state(),
        point.startedAt(),
        point.checks().findings().stream()
            .collect(toMap(Finding::id, each -> each.level().value())),
        metrics(point, environment),
        run.map(ComparedBatchReader::planned).orElseGet(() -> recorded(files)),
        load(data, run, environment),
        facts(data, run, environment));
  }

  private static Map<String, String> load(
      BatchData data, Optional<Run> run, Optional<Environment> environment) {
    Map<String, String> load = RunFacts.client(environment, data.provenance().aiperf());
    load.putAll(RunFacts.dataset(run));
    return load;
  }

  private static Map<String, String> facts(
      BatchData data, Optional<Run> run, Optional<Environment> environment) {
    Map<String, String> facts = RunFacts.others(environment);
    facts.put(
        URL,
        run.map(own -> Target.of(own.parameters().url()).toString())
            .orElse(data.provenance().target()));
    run.map(Run::labels)
        .orElse(data.provenance().labels())
        .forEach((name, value) -> facts.put("label " + name, value));
    return facts;
  }

  private static String label(List<String> keys, Collection<Object> values) {
    List<Object> each = List.copyOf(values);
    return IntStream.range(0, keys.size())
        .mapToObj(key -> keys.get(key) + " " + each.get(key))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, Double> metrics(Point point, Optional<Environment> environment) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (ReportMetric metric : ReportMetric.values()) {
      point.metrics().get(metric).ifPresent(value -> metrics.put(metric.column(), value));
    }
    point
        .checks()
        .get(Statistic.PREFIX_HITS)
        .ifPresent(hits -> metrics.put(Statistic.PREFIX_HITS.column(), hits));
    RunFacts.serviceStart(environment).ifPresent(start -> metrics.put(SERVICE_START, start));
    return metrics;
  }

  private static Map<String, String> planned(Run run) {
    Map<String, String> texts = ParameterTexts.of(run.parameters());
    texts.put(VARY_PROMPTS, String.valueOf(run.batch().config().variesPrompts()));
    return texts;
  }

  /** The parameters that a program recorded; empty if it did not. */
  private static Map<String, String> recorded(RunFolder files) {
    try {
      JsonNode metadata = Json.read(files.runMetadata(), JsonNode.class);
      Map<String, String> texts =
          Parameters.ofOthers(
                  values(metadata.path("base_config")), values(metadata.path("sweep_params")))
              .map(ParameterTexts::of)
              .orElse(Map.of());
      if (!texts.isEmpty() && !metadata.has("schema")) {
        texts.put(VARY_PROMPTS, "false"); // run_aiperf.py
      }
      return texts;
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
