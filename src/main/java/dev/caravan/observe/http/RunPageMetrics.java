package dev.caravan.observe.http;

import dev.caravan.model.Run;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.Metric;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Formats the metrics of one run for its page. */
final class RunPageMetrics {

  private RunPageMetrics() {}

  /** Formatted values by metric label; absent metrics are left out. */
  static Map<String, String> of(Run run) {
    Map<String, String> metrics = new LinkedHashMap<>();
    Optional<AiperfExport> export = AiperfExport.read(run.folder()).export();
    for (ReportMetric metric : ReportMetric.values()) {
      OptionalDouble value =
          export.map(found -> value(metric, found)).orElse(OptionalDouble.empty());
      value.ifPresent(number -> metrics.put(metric.label(), text(number) + unit(metric)));
    }
    return metrics;
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

  private static OptionalDouble value(ReportMetric metric, AiperfExport export) {
    return Arrays.stream(Metric.values())
        .filter(known -> known.column().equals(metric.column()))
        .findFirst()
        .map(known -> known.from(export))
        .orElseGet(() -> metric.from(export));
  }

  private static String unit(ReportMetric metric) {
    return metric.unit().isEmpty() || metric.label().contains("/s") ? "" : " " + metric.unit();
  }

  private static String text(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%,.2f", value);
  }
}
