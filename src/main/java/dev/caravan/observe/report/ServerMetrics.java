package dev.caravan.observe.report;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics that the service under test exported during a run, from aiperf's {@code
 * server_metrics_export.json}: averages or totals of the measured phase, aggregated over endpoints.
 * Reads the metrics of vLLM, SGLang, llama.cpp and TGI. The average of a gauge is aiperf's mean
 * over the scrapes of the measured phase.
 */
final class ServerMetrics {

  private static final long MAX_BYTES = 32L << 20;
  private static final String FILE = "server_metrics_export.json";

  /** How the series of a metric are aggregated. */
  private enum Aggregation {
    SUM,
    MEAN
  }

  private record Source(
      ReportMetric metric, String name, String stat, Aggregation aggregation, double scale) {}

  private static final List<Source> SOURCES =
      List.of(
          new Source(ReportMetric.RUNNING, "vllm:num_requests_running", "avg", Aggregation.SUM, 1),
          new Source(ReportMetric.RUNNING, "sglang:num_running_reqs", "avg", Aggregation.SUM, 1),
          new Source(
              ReportMetric.RUNNING, "llamacpp:requests_processing", "avg", Aggregation.SUM, 1),
          new Source(ReportMetric.RUNNING, "tgi_batch_current_size", "avg", Aggregation.SUM, 1),
          new Source(ReportMetric.WAITING, "llamacpp:requests_deferred", "avg", Aggregation.SUM, 1),
          new Source(ReportMetric.WAITING, "tgi_queue_size", "avg", Aggregation.SUM, 1),
          new Source(ReportMetric.WAITING, "vllm:num_requests_waiting", "avg", Aggregation.SUM, 1),
          new Source(ReportMetric.WAITING, "sglang:num_queue_reqs", "avg", Aggregation.SUM, 1),
          new Source(
              ReportMetric.KV_CACHE, "vllm:kv_cache_usage_perc", "avg", Aggregation.MEAN, 100),
          new Source(
              ReportMetric.KV_CACHE, "vllm:gpu_cache_usage_perc", "avg", Aggregation.MEAN, 100),
          new Source(ReportMetric.KV_CACHE, "sglang:token_usage", "avg", Aggregation.MEAN, 100),
          new Source(
              ReportMetric.KV_CACHE, "llamacpp:kv_cache_usage_ratio", "avg", Aggregation.MEAN, 100),
          new Source(ReportMetric.PREEMPTIONS, "vllm:num_preemptions", "total", Aggregation.SUM, 1),
          new Source(
              ReportMetric.PREFIX_HITS, "sglang:cache_hit_rate", "avg", Aggregation.MEAN, 100));

  private static final String PREFIX_CACHE_HITS = "vllm:prefix_cache_hits";
  private static final String PREFIX_CACHE_QUERIES = "vllm:prefix_cache_queries";
  private static final Set<String> NAMES =
      Stream.concat(
              SOURCES.stream().map(Source::name),
              Stream.of(PREFIX_CACHE_HITS, PREFIX_CACHE_QUERIES))
          .collect(Collectors.toUnmodifiableSet());

  private final Map<ReportMetric, Double> values = new EnumMap<>(ReportMetric.class);

  private ServerMetrics() {}

  /** The server metrics in this run folder; empty when the service exported none. */
  static ServerMetrics read(Path runFolder) {
    ServerMetrics read = new ServerMetrics();
    Path file = runFolder.resolve(FILE);
    try {
      if (Files.isRegularFile(file) && Files.size(file) <= MAX_BYTES) {
        read.add(metrics(file));
      }
    } catch (IOException e) {
      return read; // incomplete or of another form: server metrics are optional
    }
    return read;
  }

  OptionalDouble get(ReportMetric metric) {
    Double value = values.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The metrics that are shown; the many others are skipped while parsing. */
  private static ObjectNode metrics(Path file) throws IOException {
    ObjectNode found = Json.MAPPER.createObjectNode();
    try (JsonParser json = Json.PYTHON.createParser(RegularFiles.stream(file))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean isMetrics = json.currentName().equals("metrics");
        if (json.nextToken() == JsonToken.START_OBJECT && isMetrics) {
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            if (NAMES.contains(name)) {
              found.set(name, Json.MAPPER.<JsonNode>readTree(json));
            }
            json.skipChildren();
          }
        }
        json.skipChildren();
      }
    }
    return found;
  }

  private void add(JsonNode metrics) {
    for (Source source : SOURCES) {
      stat(metrics, source.name(), source.stat(), source.aggregation())
          .ifPresent(value -> values.putIfAbsent(source.metric(), value * source.scale()));
    }
    Optional<Double> hits = stat(metrics, PREFIX_CACHE_HITS, "total", Aggregation.SUM);
    Optional<Double> queries = stat(metrics, PREFIX_CACHE_QUERIES, "total", Aggregation.SUM);
    if (hits.isPresent() && queries.filter(count -> count > 0).isPresent()) {
      values.put(ReportMetric.PREFIX_HITS, 100 * hits.get() / queries.get());
    }
  }

  private static Optional<Double> stat(
      JsonNode metrics, String name, String stat, Aggregation aggregation) {
    double sum = 0;
    int count = 0;
    for (JsonNode series : metrics.path(name).path("series")) {
      JsonNode value = series.path("stats").path(stat);
      if (value.isNumber() && Double.isFinite(value.asDouble())) {
        sum += value.asDouble();
        count++;
      }
    }
    return count == 0
        ? Optional.empty()
        : Optional.of(aggregation == Aggregation.SUM ? sum : sum / count);
  }
}
