package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.Metrics;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Statistic;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A metric of a run in reports, in the order of tables. A metric that {@code results.csv} also has
 * uses the name of its column there.
 */
public enum ReportMetric {
  REQUESTS(Metric.REQUESTS, "Requests", "", Better.NEITHER),
  ERRORS(Metric.ERRORS, "Errors", "", Better.LOWER),
  TOKENS(Metric.TOKENS_PER_SECOND, "Output tokens/s", "tokens/s", Better.HIGHER),
  TOKENS_PER_GPU(
      "output_tokens_per_s_per_gpu", "Output tokens/s/GPU", "tokens/s/GPU", Better.HIGHER),
  TOKENS_PER_USER(
      Metric.TOKENS_PER_SECOND_PER_USER, "Tokens/s per user p50", "tokens/s/user", Better.HIGHER),
  REQUESTS_PER_SECOND(Metric.REQUEST_THROUGHPUT, "Requests/s", "req/s", Better.HIGHER),
  GOODPUT(
      "goodput_rps", "Goodput", "req/s", Better.HIGHER, export -> export.stat("goodput", "avg")),
  TTFT_P50(Metric.TTFT_P50, "TTFT p50", "ms", Better.LOWER),
  TTFT_P90(Metric.TTFT_P90, "TTFT p90", "ms", Better.LOWER),
  TTFT_P99(Metric.TTFT_P99, "TTFT p99", "ms", Better.LOWER),
  TTFT_AVG(Metric.TTFT_AVG, "TTFT avg", "ms", Better.LOWER),
  ITL_P50(Metric.ITL_P50, "ITL p50", "ms", Better.LOWER),
  ITL_P90(Metric.ITL_P90, "ITL p90", "ms", Better.LOWER),
  ITL_P99(Metric.ITL_P99, "ITL p99", "ms", Better.LOWER),
  ITL_AVG(Metric.ITL_AVG, "ITL avg", "ms", Better.LOWER),
  LATENCY_P50(Metric.LATENCY_P50, "Latency p50", "ms", Better.LOWER),
  LATENCY_P90(Metric.LATENCY_P90, "Latency p90", "ms", Better.LOWER),
  LATENCY_P99(Metric.LATENCY_P99, "Latency p99", "ms", Better.LOWER),
  LATENCY_AVG(Metric.LATENCY_AVG, "Latency avg", "ms", Better.LOWER),
  ERROR_RATE(Metric.ERROR_RATE, "Error rate", "%", Better.LOWER),
  ISL(Metric.ISL_AVG, "Input tokens", "", Better.NEITHER),
  OSL(Metric.OSL_AVG, "Output tokens", "", Better.NEITHER),
  OSL_REQUESTED(Metric.OSL_REQUESTED, "Output tokens requested", "", Better.NEITHER),
  EFFECTIVE_CONCURRENCY(Metric.EFFECTIVE_CONCURRENCY, "Concurrency (actual)", "", Better.NEITHER),
  RUNNING("server_running_avg", "Server: running", "", Better.NEITHER),
  WAITING("server_waiting_avg", "Server: waiting", "", Better.LOWER),
  KV_CACHE("server_kv_cache_pct", "Server: KV cache", "%", Better.NEITHER),
  PREEMPTIONS("server_preemptions", "Server: preemptions", "", Better.LOWER),
  PREFIX_HITS("server_prefix_hits_pct", "Server: prefix hits", "%", Better.NEITHER),
  GPU_POWER("gpu_power_w", "GPU power", "W", Better.LOWER),
  DURATION(Metric.DURATION, "Duration", "s", Better.NEITHER);

  /** Which direction is an improvement. */
  public enum Better {
    HIGHER,
    LOWER,
    NEITHER
  }

  /** No metrics. */
  static final Metrics<ReportMetric> NONE =
      new Metrics<>(ReportMetric.class, metric -> OptionalDouble.empty());

  private final String column;
  private final String label;
  private final String unit;
  private final Better better;
  private final Optional<Metric> csvMetric;
  private final Function<AiperfExport, OptionalDouble> source;

  ReportMetric(Metric metric, String label, String unit, Better better) {
    this(metric.column(), label, unit, better, Optional.of(metric), metric::from);
  }

  ReportMetric(String column, String label, String unit, Better better) {
    this(column, label, unit, better, Optional.empty(), export -> OptionalDouble.empty());
  }

  ReportMetric(
      String column,
      String label,
      String unit,
      Better better,
      Function<AiperfExport, OptionalDouble> source) {
    this(column, label, unit, better, Optional.empty(), source);
  }

  ReportMetric(
      String column,
      String label,
      String unit,
      Better better,
      Optional<Metric> csvMetric,
      Function<AiperfExport, OptionalDouble> source) {
    this.column = column;
    this.label = label;
    this.unit = unit;
    this.better = better;
    this.csvMetric = csvMetric;
    this.source = source;
  }

  /** The metric of this name. */
  public static Optional<ReportMetric> of(String column) {
    return Arrays.stream(values()).filter(metric -> metric.column.equals(column)).findFirst();
  }

  /** The name in data and on the command line. */
  public String column() {
    return column;
  }

  /** The name shown to users. */
  public String label() {
    return label;
  }

  /** The unit; empty for counts. */
  public String unit() {
    return unit;
  }

  public Better better() {
    return better;
  }

  /** The ends of its 95 % confidence interval, within the run; none if unknown. */
  public List<Double> interval(CheckResults checks) {
    return Stream.of("_low", "_high")
        .map(end -> Statistic.find(column + end))
        .flatMap(Optional::stream)
        .flatMap(statistic -> checks.get(statistic).stream().boxed())
        .toList();
  }

  /** Number of requests from which on it is not rough; 0 if it is no percentile. */
  public double samples() {
    return csvMetric.map(Metric::samples).orElse(0.0);
  }

  /** The same metric in {@code results.csv}. */
  public Optional<Metric> csvMetric() {
    return csvMetric;
  }

  /**
   * The value in aiperf's export; empty when absent there, when it has another source, or when a
   * check found that there is none.
   */
  public OptionalDouble from(AiperfExport export, CheckResults checks) {
    return checks.isVoid(column) ? OptionalDouble.empty() : source.apply(export);
  }
}
