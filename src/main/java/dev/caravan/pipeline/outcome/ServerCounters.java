package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.pipeline.environment.ServiceMetrics;
import dev.caravan.pipeline.outcome.checks.Evidence.Server;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads what the service under test said about its load and its prefix cache in the measured phase,
 * from aiperf's {@code server_metrics_export.json}. Knows the metrics of vLLM and SGLang.
 */
final class ServerCounters {

  private static final String FILE = "server_metrics_export.json";
  private static final long MAX_BYTES = 32L << 20;

  private static final String HITS = "vllm:prefix_cache_hits";
  private static final String START = ServiceMetrics.PROCESS_START;
  private static final List<String> RUNNING = ServiceMetrics.RUNNING;
  private static final List<String> WAITING = ServiceMetrics.WAITING;
  private static final Set<String> NAMES =
      Set.of(HITS, START, RUNNING.get(0), RUNNING.get(1), WAITING.get(0), WAITING.get(1));

  private ServerCounters() {}

  /** What this run folder has; empty when the service exported nothing that is known. */
  static Optional<Server> read(Path runFolder) {
    Path file = runFolder.resolve(FILE);
    try {
      return RegularFiles.exists(file) && file.toFile().length() <= MAX_BYTES
          ? server(metrics(file))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // incomplete or of another form: server metrics are optional
    }
  }

  private static ObjectNode metrics(Path file) throws IOException {
    ObjectNode found = Json.MAPPER.createObjectNode();
    try (JsonParser json = Json.PYTHON.createParser(RegularFiles.stream(file))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean isMetrics = json.currentName().equals("metrics");
        if (json.nextToken() == JsonToken.START_OBJECT && isMetrics) {
          readMetrics(json, found);
        }
        json.skipChildren();
      }
    }
    return found;
  }

  private static void readMetrics(JsonParser json, ObjectNode found) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (NAMES.contains(name)) {
        found.set(name, Json.MAPPER.<JsonNode>readTree(json));
      }
      json.skipChildren();
    }
  }

  private static Optional<Server> server(ObjectNode metrics) {
    Optional<String> running = RUNNING.stream().filter(metrics::has).findFirst();
    OptionalDouble hits = sum(metrics, HITS, "total");
    OptionalDouble start = largest(metrics, START, "max");
    if (running.isEmpty() && hits.isEmpty() && start.isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble inProgress =
        running.map(name -> sum(metrics, name, "avg")).orElse(OptionalDouble.empty());
    double waiting =
        WAITING.stream().mapToDouble(name -> sum(metrics, name, "avg").orElse(0)).sum();
    return Optional.of(
        new Server(
            hits,
            inProgress.isEmpty()
                ? inProgress
                : OptionalDouble.of(inProgress.getAsDouble() + waiting),
            running.map(name -> sum(metrics, name, "p95")).orElse(OptionalDouble.empty()),
            running.map(name -> metrics.path(name).path("series").size()).orElse(0),
            start));
  }

  private static OptionalDouble sum(JsonNode metrics, String name, String stat) {
    List<Double> values = values(metrics, name, stat);
    return values.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(values.stream().mapToDouble(Double::doubleValue).sum());
  }

  private static OptionalDouble largest(JsonNode metrics, String name, String stat) {
    return values(metrics, name, stat).stream().mapToDouble(Double::doubleValue).max();
  }

  /** A statistic of each series of a metric. */
  private static List<Double> values(JsonNode metrics, String name, String stat) {
    List<Double> values = new ArrayList<>();
    for (JsonNode series : metrics.path(name).path("series")) {
      JsonNode value = series.path("stats").path(stat);
      if (value.isNumber() && Double.isFinite(value.asDouble())) {
        values.add(value.asDouble());
      }
    }
    return values;
  }
}
