package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Statistic;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The metrics of a run, in the order of their columns in {@code results.csv}; new columns are only
 * added at the end of the file. AIPerf's metrics are taken from its summary unchanged.
 */
public enum Metric {
  /** Successful requests. */
  REQUESTS("requests", e -> e.stat("request_count", "avg")),
  /** Failed requests; 0 when the summary does not mention any. */
  ERRORS("errors", e -> OptionalDouble.of(e.failedRequests())),
  /** Duration of the attempt in seconds, including start-up and export. */
  DURATION("duration_s", e -> OptionalDouble.empty()),
  /** Successful requests per second of the measured phase. */
  REQUEST_THROUGHPUT("request_throughput_rps", e -> e.stat("request_throughput", "avg")),
  /** Output tokens per second of all users together. */
  TOKENS_PER_SECOND("output_tokens_per_s", e -> e.stat("output_token_throughput", "avg")),
  /**
   * Output tokens per second per user, the median over the requests; only when streaming. The mean
   * is useless: a single response that arrives in one chunk counts as thousands of tokens per
   * second.
   */
  TOKENS_PER_SECOND_PER_USER(
      "output_tokens_per_s_per_user", e -> e.stat("output_token_throughput_per_user", "p50")),
  TTFT_AVG("ttft_ms_avg", milliseconds("time_to_first_token", "avg")),
  TTFT_P50("ttft_ms_p50", milliseconds("time_to_first_token", "p50")),
  TTFT_P90("ttft_ms_p90", milliseconds("time_to_first_token", "p90")),
  TTFT_P99("ttft_ms_p99", milliseconds("time_to_first_token", "p99")),
  ITL_AVG("itl_ms_avg", milliseconds("inter_token_latency", "avg")),
  ITL_P50("itl_ms_p50", milliseconds("inter_token_latency", "p50")),
  ITL_P90("itl_ms_p90", milliseconds("inter_token_latency", "p90")),
  ITL_P99("itl_ms_p99", milliseconds("inter_token_latency", "p99")),
  LATENCY_AVG("request_latency_ms_avg", milliseconds("request_latency", "avg")),
  LATENCY_P50("request_latency_ms_p50", milliseconds("request_latency", "p50")),
  LATENCY_P90("request_latency_ms_p90", milliseconds("request_latency", "p90")),
  LATENCY_P99("request_latency_ms_p99", milliseconds("request_latency", "p99")),
  /** Input tokens per request, as counted by aiperf. */
  ISL_AVG("isl_avg", e -> e.stat("input_sequence_length", "avg")),
  /** Output tokens per request, as counted by aiperf. */
  OSL_AVG("osl_avg", e -> e.stat("output_sequence_length", "avg")),
  /** Requested output tokens: {@code prompt_output_tokens_mean}. */
  OSL_REQUESTED("osl_asked", e -> OptionalDouble.empty()),
  /** Average number of requests in flight, as measured by aiperf. */
  EFFECTIVE_CONCURRENCY("effective_concurrency", e -> e.stat("effective_concurrency", "avg")),
  /** Failed requests, % of all. */
  ERROR_RATE("error_rate_pct", Metric::errorRate),
  PREFIX_HITS(Statistic.PREFIX_HITS),
  DISTINCT_PROMPTS(Statistic.DISTINCT_PROMPTS),
  TTFT_P99_LOW(Statistic.TTFT_P99_LOW),
  TTFT_P99_HIGH(Statistic.TTFT_P99_HIGH),
  LATENCY_P99_LOW(Statistic.LATENCY_P99_LOW),
  LATENCY_P99_HIGH(Statistic.LATENCY_P99_HIGH);

  private final String column;
  private final Function<AiperfExport, OptionalDouble> source;
  private final Optional<Statistic> statistic;
  private final OptionalDouble quantile;

  Metric(String column, Function<AiperfExport, OptionalDouble> source) {
    this.column = column;
    this.source = source;
    this.statistic = Optional.empty();
    this.quantile = quantile(column);
  }

  Metric(Statistic statistic) {
    this.column = statistic.column();
    this.source = export -> OptionalDouble.empty();
    this.statistic = Optional.of(statistic);
    this.quantile = OptionalDouble.empty();
  }

  /** The metric of this column. */
  static Optional<Metric> find(String column) {
    return Arrays.stream(values()).filter(metric -> metric.column.equals(column)).findFirst();
  }

  /** The name of its column in {@code results.csv}; it ends in the unit if there is one. */
  public String column() {
    return column;
  }

  /**
   * Whether this is a percentile of so few requests that the largest of them may well be below the
   * true one.
   */
  public boolean isRough(double requests) {
    return requests < samples();
  }

  /** Number of requests from which on it is not rough; 0 if it is no percentile. */
  public double samples() {
    return quantile.isPresent() ? Statistic.samplesFor(quantile.getAsDouble()) : 0;
  }

  /** What the checks count, as far as a table has it. */
  static Map<Statistic, Double> statistics(Metrics<Metric> metrics) {
    Map<Statistic, Double> statistics = new EnumMap<>(Statistic.class);
    for (Metric metric : values()) {
      metric.statistic.ifPresent(
          statistic -> metrics.get(metric).ifPresent(value -> statistics.put(statistic, value)));
    }
    return statistics;
  }

  /** The quantile that a column's name ends with. */
  private static OptionalDouble quantile(String column) {
    int at = column.lastIndexOf("_p");
    return at > 0 && column.substring(at + 2).matches("\\d{2}")
        ? OptionalDouble.of(Integer.parseInt(column.substring(at + 2)) / 100.0)
        : OptionalDouble.empty();
  }

  /** Its value in the summary; empty when it is absent or does not come from the summary. */
  public OptionalDouble from(AiperfExport export) {
    return source.apply(export);
  }

  /**
   * Its value in the summary, or in what the checks know beside it; empty when it is absent, or a
   * check found that there is none.
   */
  public OptionalDouble from(AiperfExport export, CheckResults checks) {
    if (checks.isVoid(column)) {
      return OptionalDouble.empty();
    }
    return statistic.isPresent() ? checks.get(statistic.get()) : from(export);
  }

  private static OptionalDouble errorRate(AiperfExport export) {
    double failed = export.failedRequests();
    double all = export.succeededRequests() + failed;
    return all == 0 ? OptionalDouble.empty() : OptionalDouble.of(100 * failed / all);
  }

  private static Function<AiperfExport, OptionalDouble> milliseconds(String tag, String stat) {
    return e -> e.milliseconds(tag, stat);
  }
}
