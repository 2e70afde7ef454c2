package dev.caravan.pipeline.outcome.checks;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** What the evidence of a run says beside aiperf's own metrics; shown with the findings. */
public enum Statistic {
  /** Prompt tokens from a prefix cache beyond the chat template, % of the prompt. */
  PREFIX_HITS("prefix_hits_pct", Cache::share),
  /** Different prompts among the answered requests. */
  DISTINCT_PROMPTS("distinct_prompts", Statistic::distinctPrompts),
  /** Confidence interval of the p99 of the time to first token, within the run. */
  TTFT_P99_LOW("ttft_ms_p99_low", e -> low(firstTokens(e))),
  TTFT_P99_HIGH("ttft_ms_p99_high", e -> high(firstTokens(e))),
  /** Confidence interval of the p99 of the latency, within the run. */
  LATENCY_P99_LOW("request_latency_ms_p99_low", e -> low(latencies(e))),
  LATENCY_P99_HIGH("request_latency_ms_p99_high", e -> high(latencies(e)));

  private static final double P99 = 0.99;

  private final String column;
  private final Function<Evidence, OptionalDouble> source;

  Statistic(String column, Function<Evidence, OptionalDouble> source) {
    this.column = column;
    this.source = source;
  }

  /** Its name in files. */
  @JsonValue
  public String column() {
    return column;
  }

  /** The statistic with this name, if there is one. */
  public static Optional<Statistic> find(String column) {
    return Arrays.stream(values()).filter(each -> each.column.equals(column)).findFirst();
  }

  /** Number of requests from which on a percentile says something about the service. */
  public static double samplesFor(double quantile) {
    return QuantileInterval.samplesFor(quantile);
  }

  static Map<Statistic, Double> of(Evidence evidence) {
    Map<Statistic, Double> values = new EnumMap<>(Statistic.class);
    for (Statistic statistic : values()) {
      statistic.source.apply(evidence).ifPresent(value -> values.put(statistic, value));
    }
    return values;
  }

  private static OptionalDouble distinctPrompts(Evidence evidence) {
    long distinct = evidence.wholeLog().map(Requests::distinctPrompts).orElse(0L);
    return distinct == 0 ? OptionalDouble.empty() : OptionalDouble.of(distinct);
  }

  private static Optional<QuantileInterval> firstTokens(Evidence evidence) {
    return evidence.wholeLog().flatMap(log -> QuantileInterval.of(log.firstTokens(0), P99));
  }

  private static Optional<QuantileInterval> latencies(Evidence evidence) {
    return evidence.wholeLog().flatMap(log -> QuantileInterval.of(log.reportedLatencies(), P99));
  }

  private static OptionalDouble low(Optional<QuantileInterval> interval) {
    return interval.map(i -> OptionalDouble.of(i.low())).orElse(OptionalDouble.empty());
  }

  private static OptionalDouble high(Optional<QuantileInterval> interval) {
    return interval.map(i -> OptionalDouble.of(i.high())).orElse(OptionalDouble.empty());
  }
}
