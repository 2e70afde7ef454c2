package dev.caravan.web;

import dev.caravan.batch.Run;
import dev.caravan.result.AiperfExport;
import dev.caravan.result.Measure;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The figures of one run for its page. */
final class RunNumbers {

  private RunNumbers() {}

  /** By the name of their column; what is absent is left out. */
  static Map<String, String> of(Run run) {
    Map<String, String> figures = new LinkedHashMap<>();
    AiperfExport.read(run.folder())
        .export()
        .ifPresent(
            export -> {
              for (Measure measure : Measure.values()) {
                OptionalDouble value = measure.from(export);
                value.ifPresent(v -> figures.put(measure.column(), text(v)));
              }
            });
    if (run.parameters().values().get("prompt_output_tokens_mean") instanceof Number asked) {
      figures.put(Measure.OSL_ASKED.column(), text(asked.doubleValue()));
    }
    return figures;
  }

  private static String text(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%,.2f", value);
  }
}
