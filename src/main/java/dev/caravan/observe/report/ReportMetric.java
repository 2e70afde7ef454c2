package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.Metric;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A figure of a run in reports, in the order in which tables show it. Those that {@code
 * results.csv} has too bear the name of their column there.
 */
public enum ReportMetric {
  TOKENS(Metric.TOKENS_PER_SECOND, "Output tokens/s", "tokens/s", Better.MORE),
  TOKENS_PER_GPU("output_tokens_per_s_per_gpu", "Output tokens/s/GPU", "tokens/s/GPU", Better.MORE),
  TOKENS_PER_USER(
      Metric.TOKENS_PER_SECOND_PER_USER, "Tokens/s per user p50", "tokens/s/user", Better.MORE),
  REQUESTS_PER_SECOND(Metric.REQUEST_THROUGHPUT, "Requests/s", "req/s", Better.MORE),
  GOODPUT("goodput_rps", "Goodput", "req/s", Better.MORE, export -> export.stat("goodput", "avg")),
  TTFT_P50(Metric.TTFT_P50, "TTFT p50", "ms", Better.LESS),
  TTFT_P90(Metric.TTFT_P90, "TTFT p90", "ms", Better.LESS),
  TTFT_P99(Metric.TTFT_P99, "TTFT p99", "ms", Better.LESS),
  TTFT_AVG(Metric.TTFT_AVG, "TTFT avg", "ms", Better.LESS),
  ITL_P50(Metric.ITL_P50, "ITL p50", "ms", Better.LESS),
  ITL_P90(Metric.ITL_P90, "ITL p90", "ms", Better.LESS),
  ITL_P99(Metric.ITL_P99, "ITL p99", "ms", Better.LESS),
  ITL_AVG(Metric.ITL_AVG, "ITL avg", "ms", Better.LESS),
  LATENCY_P50(Metric.LATENCY_P50, "Latency p50", "ms", Better.LESS),
  LATENCY_P90(Metric.LATENCY_P90, "Latency p90", "ms", Better.LESS),
  LATENCY_P99(Metric.LATENCY_P99, "Latency p99", "ms", Better.LESS),
  LATENCY_AVG(Metric.LATENCY_AVG, "Latency avg", "ms", Better.LESS),
  REQUESTS(Metric.REQUESTS, "Requests", "", Better.NEITHER),
  ERRORS(Metric.ERRORS, "Errors", "", Better.LESS),
  ISL(Metric.ISL_AVG, "Input tokens", "", Better.NEITHER),
  OSL(Metric.OSL_AVG, "Output tokens", "", Better.NEITHER),
  OSL_ASKED(Metric.OSL_REQUESTED, "Output asked", "", Better.NEITHER),
  CONCURRENCY(Metric.EFFECTIVE_CONCURRENCY, "In flight", "", Better.NEITHER),
  RUNNING("server_running_avg", "Server: running", "", Better.NEITHER),
  WAITING("server_waiting_avg", "Server: waiting", "", Better.LESS),
  KV_CACHE("server_kv_cache_pct", "Server: KV cache", "%", Better.NEITHER),
  PREEMPTIONS("server_preemptions", "Server: preemptions", "", Better.LESS),
  PREFIX_HITS("server_prefix_hits_pct", "Server: prefix hits", "%", Better.MORE),
  GPU_POWER("gpu_power_w", "GPU power", "W", Better.LESS),
  DURATION(Metric.DURATION, "Took", "s", Better.NEITHER);

  /** Which way a figure improves. */
  public enum Better {
    MORE,
    LESS,
    NEITHER
  }

  private final String column;
  private final String label;
  private final String unit;
  private final Better better;
  private final Optional<Metric> measure;
  private final Function<AiperfExport, OptionalDouble> source;

  ReportMetric(Metric measure, String label, String unit, Better better) {
    this(measure.column(), label, unit, better, Optional.of(measure), measure::from);
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
      Optional<Metric> measure,
      Function<AiperfExport, OptionalDouble> source) {
    this.column = column;
    this.label = label;
    this.unit = unit;
    this.better = better;
    this.measure = measure;
    this.source = source;
  }

  /** The metric of this name. */
  public static Optional<ReportMetric> of(String column) {
    return Arrays.stream(values()).filter(metric -> metric.column.equals(column)).findFirst();
  }

  /** Its name in data and on the command line. */
  public String column() {
    return column;
  }

  /** Its name for people. */
  public String label() {
    return label;
  }

  /** Its unit; empty for counts. */
  public String unit() {
    return unit;
  }

  public Better better() {
    return better;
  }

  /** The same figure in {@code results.csv}. */
  Optional<Metric> measure() {
    return measure;
  }

  /** What aiperf's summary says of it; empty when it says nothing, or when it is not from there. */
  public OptionalDouble from(AiperfExport export) {
    return source.apply(export);
  }
}
