package dev.caravan.observe.compare;

import dev.caravan.analysis.Measured;
import dev.caravan.analysis.MetricRule;
import dev.caravan.analysis.Noise;
import dev.caravan.observe.report.ReportMetric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How much each metric differs between alike batches, measured or assumed. */
final class NoiseBetweenBatches {

  private final Pairing pairing;
  private final MeasuredValues history;

  NoiseBetweenBatches(Pairing pairing) {
    this.pairing = pairing;
    this.history = new MeasuredValues(pairing.history());
  }

  /** The noise of a metric at these points. */
  Noise of(ReportMetric metric, List<String> points) {
    if (pairing.inTurn()) {
      return Noise.NONE;
    }
    MetricRule rule = new MetricRule(metric.column(), false, 0, Noise.NONE);
    List<Measured> values = new ArrayList<>();
    points.forEach(
        point ->
            values.add(new Measured(rule, point, history.at(metric.column(), point), List.of())));
    return Noise.measured(values).orElseGet(() -> Noise.assumed(CompareRules.assumedNoise(metric)));
  }

  /** What noise was reckoned with, in words. */
  static String sentence(Map<ReportMetric, Noise> noises) {
    if (noises.values().stream().allMatch(noise -> noise.basis() == Noise.Basis.IN_TURN)) {
      return "Noise between batches: none, because both sides took turns on one service.";
    }
    Map<String, List<String>> byNoise = new LinkedHashMap<>();
    noises.forEach(
        (metric, noise) ->
            byNoise.computeIfAbsent(text(noise), n -> new ArrayList<>()).add(metric.label()));
    return byNoise.size() == 1
        ? "Noise between batches: " + byNoise.keySet().iterator().next() + "."
        : byNoise.entrySet().stream()
            .map(each -> String.join(", ", each.getValue()) + " " + each.getKey())
            .collect(Collectors.joining("; ", "Noise between batches: ", "."));
  }

  private static String text(Noise noise) {
    String percent = String.format(Locale.ROOT, "%.1f %%", 100 * noise.deviation());
    return switch (noise.basis()) {
      case ASSUMED ->
          percent
              + " (assumed; measuring it takes "
              + Noise.FEWEST_BATCHES
              + " comparable"
              + " batches)";
      case MEASURED -> percent + " (over " + noise.batches() + " comparable batches)";
      case IN_TURN -> "none";
    };
  }
}
