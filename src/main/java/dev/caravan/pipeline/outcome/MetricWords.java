package dev.caravan.pipeline.outcome;

import dev.caravan.config.Slo;
import dev.caravan.pipeline.outcome.checks.Figures;
import java.util.LinkedHashMap;
import java.util.Map;

/** The metrics that can have a bound, in words. */
public final class MetricWords {

  private static final Map<String, String> NAMES = names();

  private MetricWords() {}

  private static Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("output_tokens_per_s_per_user", "Tokens/s per user p50");
    names.put("output_tokens_per_s", "Output tokens/s");
    names.put("request_throughput_rps", "Requests/s");
    names.put("request_latency_ms_", "Latency ");
    names.put("ttft_ms_", "TTFT ");
    names.put("itl_ms_", "ITL ");
    names.put("error_rate_pct", "Error rate");
    return names;
  }

  /** The name of a column's metric, such as {@code TTFT p99}. */
  public static String name(String column) {
    return NAMES.entrySet().stream()
        .filter(each -> column.startsWith(each.getKey()))
        .map(each -> each.getValue() + column.substring(each.getKey().length()))
        .findFirst()
        .orElse(column);
  }

  /** A bound, such as {@code TTFT p99 ≤ 500 ms}. */
  static String bound(Slo slo) {
    String sign = Slo.isHigherBetter(slo.metric()) ? " ≥ " : " ≤ ";
    return name(slo.metric()) + sign + BoundText.exact(slo.bound()) + unit(slo.metric());
  }

  /** A value of a bounded metric with its unit, such as {@code 431 ms}. */
  static String value(Slo bound, double value) {
    return BoundText.value(bound, value, Figures::number) + unit(bound.metric());
  }

  private static String unit(String column) {
    return column.contains("_ms_") ? " ms" : column.endsWith("_pct") ? " %" : "";
  }
}
