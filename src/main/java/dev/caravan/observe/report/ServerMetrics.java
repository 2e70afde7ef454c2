package dev.caravan.observe.report;

import dev.caravan.pipeline.environment.ServingEngine;
import dev.caravan.pipeline.outcome.ServerExport;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics that the service under test exported during a run, from aiperf's {@code
 * server_metrics_export.json}: averages or totals of the measured phase, aggregated over endpoints.
 * Reads the metrics of every {@link ServingEngine}. The average of a gauge is aiperf's mean over
 * the scrapes of the measured phase.
 */
final class ServerMetrics {

  /** How the series of a metric are aggregated. */
  private enum Aggregation {
    SUM,
    MEAN
  }

  private record Source(
      ReportMetric metric, String name, String stat, Aggregation aggregation, double scale) {}

  private static final List<Source> OTHERS =
      List.of(
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

  private static final List<Source> SOURCES =
      Stream.concat(
              Stream.of(ServingEngine.values()).flatMap(ServerMetrics::requests), OTHERS.stream())
          .toList();

  private static final String PREFIX_CACHE_HITS = "vllm:prefix_cache_hits";
  private static final String PREFIX_CACHE_QUERIES = "vllm:prefix_cache_queries";
  private static final Set<String> NAMES =
      Stream.concat(
              SOURCES.stream().map(Source::name),
              Stream.of(PREFIX_CACHE_HITS, PREFIX_CACHE_QUERIES))
          .collect(Collectors.toUnmodifiableSet());

  private final Map<ReportMetric, Double> values = new EnumMap<>(ReportMetric.class);

  private ServerMetrics() {}

  private static Stream<Source> requests(ServingEngine engine) {
    return Stream.of(
        new Source(ReportMetric.RUNNING, engine.running(), "avg", Aggregation.SUM, 1),
        new Source(ReportMetric.WAITING, engine.waiting(), "avg", Aggregation.SUM, 1));
  }

  /** The server metrics in this run folder; empty when the service exported none. */
  static ServerMetrics read(Path runFolder) {
    ServerMetrics read = new ServerMetrics();
    ServerExport.read(runFolder, NAMES).ifPresent(read::add);
    return read;
  }

  OptionalDouble get(ReportMetric metric) {
    Double value = values.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private void add(ServerExport export) {
    for (Source source : SOURCES) {
      value(export, source)
          .ifPresent(value -> values.putIfAbsent(source.metric(), value * source.scale()));
    }
    OptionalDouble hits = export.sum(PREFIX_CACHE_HITS, "total");
    double queries = export.sum(PREFIX_CACHE_QUERIES, "total").orElse(0);
    if (hits.isPresent() && queries > 0) {
      values.put(ReportMetric.PREFIX_HITS, 100 * hits.getAsDouble() / queries);
    }
  }

  private static OptionalDouble value(ServerExport export, Source source) {
    return source.aggregation() == Aggregation.SUM
        ? export.sum(source.name(), source.stat())
        : export.mean(source.name(), source.stat());
  }
}
