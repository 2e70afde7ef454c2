package dev.caravan.pipeline.outcome;

import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The figures of a run, in the order of their columns in {@code results.csv}. New ones are only
 * ever added to the file's end. Those of aiperf are taken from its summary as it defines them.
 */
public enum Metric {
  /** Requests that were answered well. */
  REQUESTS("requests", e -> e.stat("request_count", "avg")),
  /** Requests that failed; 0 when the summary speaks of none. */
  ERRORS("errors", e -> OptionalDouble.of(e.failedRequests())),
  /** Wall time of the attempt in seconds, start-up and export included. */
  DURATION("duration_s", e -> OptionalDouble.empty()),
  /** Answered requests per second of the measured phase. */
  REQUEST_THROUGHPUT("request_throughput_rps", e -> e.stat("request_throughput", "avg")),
  /** Output tokens per second, all users together. */
  TOKENS_PER_SECOND("output_tokens_per_s", e -> e.stat("output_token_throughput", "avg")),
  /**
   * Output tokens per second that one user sees, the median of the requests; only when streaming.
   * The mean is of no use: one answer that came in one piece counts thousands there.
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
  /** Input tokens of a request, as aiperf counted them. */
  ISL_AVG("isl_avg", e -> e.stat("input_sequence_length", "avg")),
  /** Output tokens of a request, as aiperf counted them. */
  OSL_AVG("osl_avg", e -> e.stat("output_sequence_length", "avg")),
  /** Output tokens asked for: {@code prompt_output_tokens_mean}. */
  OSL_ASKED("osl_asked", e -> OptionalDouble.empty()),
  /** Requests in flight on the average, as aiperf measured it. */
  EFFECTIVE_CONCURRENCY("effective_concurrency", e -> e.stat("effective_concurrency", "avg"));

  private final String column;
  private final Function<AiperfExport, OptionalDouble> source;

  Metric(String column, Function<AiperfExport, OptionalDouble> source) {
    this.column = column;
    this.source = source;
  }

  /** Its column in {@code results.csv}, which ends in the unit where there is one. */
  public String column() {
    return column;
  }

  /** What the summary says; empty when it says nothing, or when this is not taken from there. */
  public OptionalDouble from(AiperfExport export) {
    return source.apply(export);
  }

  private static Function<AiperfExport, OptionalDouble> milliseconds(String tag, String stat) {
    return e -> e.milliseconds(tag, stat);
  }
}
