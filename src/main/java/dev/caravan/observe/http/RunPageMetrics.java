package dev.caravan.observe.http;

import dev.caravan.model.Run;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.Rounding;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Formats the metrics of one run for its page. */
final class RunPageMetrics {

  private RunPageMetrics() {}

  /** What the checks count, by its name on the page. */
  private static final Map<Metric, String> COUNTED =
      new EnumMap<>(
          Map.of(
              Metric.PREFIX_HITS, "Prompt from a prefix cache (%)",
              Metric.DISTINCT_PROMPTS, "Different prompts"));

  /**
   * A value as the page shows it.
   *
   * @param text with its unit, and its interval if there is one
   * @param isRough whether it is a percentile of too few requests
   */
  public record Shown(String text, boolean isRough) {}

  /** Values by metric label; absent metrics are left out. */
  static Map<String, Shown> of(Run run, CheckResults checks) {
    Map<String, Shown> metrics = new LinkedHashMap<>();
    Optional<AiperfExport> export = AiperfExport.read(run.folder()).export();
    double requests = export.map(AiperfExport::succeededRequests).orElse(0L);
    for (ReportMetric metric : ReportMetric.values()) {
      OptionalDouble value =
          export.map(found -> value(metric, found, checks)).orElse(OptionalDouble.empty());
      boolean isRough = export.isPresent() && requests < metric.samples();
      value.ifPresent(
          number ->
              metrics.put(
                  metric.label(),
                  new Shown(
                      (isRough ? "~" : "") + text(number) + unit(metric) + interval(metric, checks),
                      isRough)));
    }
    COUNTED.forEach(
        (metric, name) ->
            export
                .map(summary -> metric.from(summary, checks))
                .orElse(OptionalDouble.empty())
                .ifPresent(value -> metrics.put(name, new Shown(text(value), false))));
    return metrics;
  }

  /** The 95 % confidence interval within the run, such as {@code [402, 470]}. */
  private static String interval(ReportMetric metric, CheckResults checks) {
    List<String> ends = metric.interval(checks).stream().map(RunPageMetrics::text).toList();
    return ends.size() == 2 ? " [" + String.join(", ", ends) + "]" : "";
  }

  /** Requested and actual mean number of input and output tokens per request. */
  static Map<String, String> tokens(Run run) {
    Map<String, String> tokens = new LinkedHashMap<>();
    AiperfExport.read(run.folder())
        .export()
        .ifPresent(
            export -> {
              tokens(
                  tokens, "Input tokens", requested(run, "prompt_input"), Metric.ISL_AVG, export);
              tokens(
                  tokens, "Output tokens", requested(run, "prompt_output"), Metric.OSL_AVG, export);
            });
    return tokens;
  }

  private static void tokens(
      Map<String, String> tokens,
      String name,
      Optional<Number> requested,
      Metric metric,
      AiperfExport export) {
    OptionalDouble actual = metric.from(export);
    if (actual.isPresent()) {
      tokens.put(
          name,
          requested.map(n -> "requested " + text(n.doubleValue()) + ", ").orElse("")
              + "actual "
              + text(actual.getAsDouble())
              + " (mean)");
    }
  }

  private static Optional<Number> requested(Run run, String key) {
    return Optional.ofNullable(run.parameters().values().get(key + "_tokens_mean"))
        .filter(Number.class::isInstance)
        .map(Number.class::cast);
  }

  private static OptionalDouble value(
      ReportMetric metric, AiperfExport export, CheckResults checks) {
    return Arrays.stream(Metric.values())
        .filter(known -> known.column().equals(metric.column()))
        .findFirst()
        .map(known -> known.from(export, checks))
        .orElseGet(() -> metric.from(export, checks));
  }

  private static String unit(ReportMetric metric) {
    return metric.unit().isEmpty() || metric.label().contains("/s") ? "" : " " + metric.unit();
  }

  /** With two decimals; a number below 1 with three digits. */
  private static String text(double value) {
    return value == Math.rint(value) || Math.abs(value) < 1
        ? Rounding.of(value)
        : String.format(Locale.ROOT, "%,.2f", value);
  }
}
