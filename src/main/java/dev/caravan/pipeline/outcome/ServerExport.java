package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.pipeline.environment.Plausible;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/**
 * The metrics that the service under test exported in the measured phase of a run, from aiperf's
 * {@code server_metrics_export.json}. A metric has a series for each endpoint and set of labels.
 */
public final class ServerExport {

  private static final String FILE = "server_metrics_export.json";
  private static final long MAX_BYTES = 32L << 20;

  private final ObjectNode metrics;

  private ServerExport(ObjectNode metrics) {
    this.metrics = metrics;
  }

  /**
   * The metrics with these names in a run folder; the many others are skipped while parsing. Empty
   * without the file, or if it is incomplete or of another form: server metrics are optional.
   */
  public static Optional<ServerExport> read(Path runFolder, Set<String> names) {
    Path file = runFolder.resolve(FILE);
    try {
      return RegularFiles.exists(file) && file.toFile().length() <= MAX_BYTES
          ? Optional.of(new ServerExport(metrics(file, names)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode metrics(Path file, Set<String> names) throws IOException {
    ObjectNode found = Json.MAPPER.createObjectNode();
    try (JsonParser json = Json.PYTHON.createParser(RegularFiles.stream(file))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean isMetrics = json.currentName().equals("metrics");
        if (json.nextToken() == JsonToken.START_OBJECT && isMetrics) {
          readMetrics(json, names, found);
        }
        json.skipChildren();
      }
    }
    return found;
  }

  private static void readMetrics(JsonParser json, Set<String> names, ObjectNode found)
      throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (names.contains(name)) {
        found.set(name, Json.MAPPER.<JsonNode>readTree(json));
      }
      json.skipChildren();
    }
  }

  /** Whether the service exported the metric. */
  boolean has(String name) {
    return metrics.has(name);
  }

  /** Number of series of a metric. */
  int series(String name) {
    return metrics.path(name).path("series").size();
  }

  /** A statistic of a metric, such as {@code avg} or {@code total}, added up over its series. */
  public OptionalDouble sum(String name, String stat) {
    double[] values = values(name, stat).toArray();
    return values.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(DoubleStream.of(values).sum());
  }

  /** The mean of a statistic of a metric over its series. */
  public OptionalDouble mean(String name, String stat) {
    return values(name, stat).average();
  }

  /** The largest value of a statistic of a metric. */
  OptionalDouble max(String name, String stat) {
    return values(name, stat).max();
  }

  private DoubleStream values(String name, String stat) {
    return StreamSupport.stream(metrics.path(name).path("series").spliterator(), false)
        .map(series -> series.path("stats").path(stat))
        .filter(value -> value.isNumber() && Plausible.isFigure(value.asDouble()))
        .mapToDouble(JsonNode::asDouble);
  }
}
