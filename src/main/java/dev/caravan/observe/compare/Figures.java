package dev.caravan.observe.compare;

import dev.caravan.analysis.Comparison;
import dev.caravan.analysis.Measured;
import dev.caravan.analysis.MetricRule;
import dev.caravan.analysis.Noise;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ReportMetric.Better;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The comparison of two alike sides in figures.
 *
 * @param comparison the differences and the verdict
 * @param noises the metrics that were compared, each with its noise between batches
 */
record Figures(Comparison comparison, Map<ReportMetric, Noise> noises) {

  /** Compares the sides at these points, which both have. */
  static Figures of(
      ComparedSide base,
      ComparedSide candidate,
      List<String> points,
      CompareRules rules,
      Pairing pairing) {
    MeasuredValues ofBase = new MeasuredValues(base.batches());
    MeasuredValues ofCandidate = new MeasuredValues(candidate.batches());
    NoiseBetweenBatches between = new NoiseBetweenBatches(pairing);
    Map<ReportMetric, Noise> noises = new LinkedHashMap<>();
    List<Measured> measured = new ArrayList<>();
    for (ReportMetric metric : MetricChoice.of(base, candidate, rules)) {
      Noise noise = between.of(metric, points);
      noises.put(metric, noise);
      MetricRule rule =
          new MetricRule(
              metric.column(), metric.better() == Better.HIGHER, rules.tolerance(metric), noise);
      points.stream()
          .map(
              point ->
                  new Measured(
                      rule,
                      point,
                      ofBase.at(metric.column(), point),
                      ofCandidate.at(metric.column(), point)))
          .filter(Measured::isKnown)
          .forEach(measured::add);
    }
    return new Figures(Comparison.of(measured), noises);
  }
}
