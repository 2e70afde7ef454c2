package dev.caravan.observe.compare;

import dev.caravan.config.CompareRule;
import dev.caravan.observe.report.ReportMetric;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How sides are compared.
 *
 * @param metrics columns of {@code results.csv} to compare; empty for the usual ones
 * @param tolerance column to the change for the worse that is accepted, as a fraction, where it is
 *     not the usual one
 * @param allowed keys in which the sides may differ, and ids of checks whose runs count
 */
public record CompareRules(
    List<String> metrics, Map<String, Double> tolerance, Set<String> allowed) {

  /** The usual metrics and tolerances, and nothing allowed. */
  public static final CompareRules USUAL = new CompareRules(List.of(), Map.of(), Set.of());

  private static final double USUAL_TOLERANCE = 0.05;
  private static final double TAIL_TOLERANCE = 0.1;
  private static final double USUAL_NOISE = 0.01;
  private static final double TAIL_NOISE = 0.02;

  public CompareRules {
    metrics = List.copyOf(metrics);
    tolerance = Collections.unmodifiableMap(new LinkedHashMap<>(tolerance));
    allowed = Set.copyOf(allowed);
  }

  /** The rules in a config. */
  public static CompareRules of(CompareRule rule) {
    return new CompareRules(rule.metrics(), rule.tolerance(), Set.copyOf(rule.allow()));
  }

  /** These rules, and where they say nothing, those of the others. */
  CompareRules over(CompareRules others) {
    Map<String, Double> tolerances = new LinkedHashMap<>(others.tolerance);
    tolerances.putAll(tolerance);
    Set<String> both = new HashSet<>(others.allowed);
    both.addAll(allowed);
    return new CompareRules(metrics.isEmpty() ? others.metrics : metrics, tolerances, both);
  }

  /** The columns of {@code results.csv} that can be compared. */
  public static List<String> comparableMetrics() {
    return Arrays.stream(ReportMetric.values())
        .filter(MetricChoice::isComparable)
        .map(ReportMetric::column)
        .toList();
  }

  /** The change for the worse of a metric that is accepted. */
  double tolerance(ReportMetric metric) {
    return tolerance.getOrDefault(
        metric.column(), isTail(metric) ? TAIL_TOLERANCE : USUAL_TOLERANCE);
  }

  /** The noise between batches of a metric as long as it is not measured. */
  static double assumedNoise(ReportMetric metric) {
    return isTail(metric) ? TAIL_NOISE : USUAL_NOISE;
  }

  private static boolean isTail(ReportMetric metric) {
    return metric.column().matches(".*_p9\\d");
  }
}
