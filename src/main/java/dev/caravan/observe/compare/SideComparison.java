package dev.caravan.observe.compare;

import dev.caravan.analysis.Comparison;
import dev.caravan.analysis.Measured;
import dev.caravan.analysis.MetricRule;
import dev.caravan.analysis.Noise;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ReportMetric.Better;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The statistical comparison of two alike sides, in every metric at every point.
 *
 * @param comparison the differences and the verdict
 * @param noises the metrics that were compared, each with its noise between batches
 * @param gaps metrics and points of which only one side has values
 */
record SideComparison(Comparison comparison, Map<ReportMetric, Noise> noises, List<String> gaps) {

  /** Compares the sides at the points at which runs of both count. */
  static SideComparison of(
      ComparedSide base,
      ComparedSide candidate,
      ComparedPoints points,
      CompareRules rules,
      Pairing pairing) {
    MeasuredValues ofBase = new MeasuredValues(base.batches());
    MeasuredValues ofCandidate = new MeasuredValues(candidate.batches());
    NoiseBetweenBatches between = new NoiseBetweenBatches(pairing);
    Map<ReportMetric, Noise> noises = new LinkedHashMap<>();
    List<Measured> measured = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    for (ReportMetric metric : MetricChoice.of(base, candidate, rules)) {
      Noise noise = between.of(metric, points.compared());
      noises.put(metric, noise);
      MetricRule rule =
          new MetricRule(
              metric.column(), metric.better() == Better.HIGHER, rules.tolerance(metric), noise);
      for (String point : points.compared()) {
        List<double[]> one = ofBase.at(metric.column(), point);
        List<double[]> other = ofCandidate.at(metric.column(), point);
        if (hasValues(one) && hasValues(other)) {
          measured.add(new Measured(rule, point, one, other));
        } else if (hasValues(one) || hasValues(other)) {
          gaps.add(metric.label() + points.at(point));
        }
      }
    }
    List<String> all = Stream.concat(points.gaps(), gaps.stream()).toList();
    return new SideComparison(Comparison.of(measured, all), noises, gaps);
  }

  private static boolean hasValues(List<double[]> batches) {
    return batches.stream().flatMapToDouble(Arrays::stream).anyMatch(value -> value > 0);
  }
}
