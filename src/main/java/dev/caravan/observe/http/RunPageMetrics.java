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

/** The figures of one run for its page. */
final class RunPageMetrics {

  private RunPageMetrics() {}

  /** By their name for people; what is absent is left out. */
  static Map<String, String> of(Run run) {
    Map<String, String> figures = new LinkedHashMap<>();
    Optional<AiperfExport> export = AiperfExport.read(run.folder()).export();
    for (ReportMetric metric : ReportMetric.values()) {
      OptionalDouble value =
          export.map(found -> value(metric, found)).orElse(OptionalDouble.empty());
      value.ifPresent(number -> figures.put(metric.label(), text(number) + unit(metric)));
    }
    return figures;
  }

  /** Input and output tokens a request, as asked for and as they came. */
  static Map<String, String> lengths(Run run) {
    Map<String, String> lengths = new LinkedHashMap<>();
    AiperfExport.read(run.folder())
        .export()
        .ifPresent(
            export -> {
              length(lengths, "Input tokens", asked(run, "prompt_input"), Metric.ISL_AVG, export);
              length(lengths, "Output tokens", asked(run, "prompt_output"), Metric.OSL_AVG, export);
            });
    return lengths;
  }

  private static void length(
      Map<String, String> lengths,
      String name,
      Optional<Number> asked,
      Metric measure,
      AiperfExport export) {
    OptionalDouble got = measure.from(export);
    if (got.isPresent()) {
      lengths.put(
          name,
          asked.map(a -> "asked " + text(a.doubleValue()) + ", ").orElse("")
              + "got "
              + text(got.getAsDouble())
              + " on average");
    }
  }

  private static Optional<Number> asked(Run run, String which) {
    return Optional.ofNullable(run.parameters().values().get(which + "_tokens_mean"))
        .filter(Number.class::isInstance)
        .map(Number.class::cast);
  }

  private static OptionalDouble value(ReportMetric metric, AiperfExport export) {
    return Arrays.stream(Metric.values())
        .filter(measure -> measure.column().equals(metric.column()))
        .findFirst()
        .map(measure -> measure.from(export))
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
