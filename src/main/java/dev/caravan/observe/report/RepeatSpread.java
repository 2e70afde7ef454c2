package dev.caravan.observe.report;

import dev.caravan.analysis.RepeatedValue;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The repeats of a point that is drawn as one.
 *
 * @param runs how many repeats there are
 * @param count those that completed
 * @param values the spread of each metric over them
 */
record RepeatSpread(int runs, int count, Map<ReportMetric, RepeatedValue> values) {

  /** The spread of these points. */
  static RepeatSpread of(List<Point> repeats) {
    List<Point> completed = repeats.stream().filter(Point::completed).toList();
    Map<ReportMetric, RepeatedValue> values = new EnumMap<>(ReportMetric.class);
    for (ReportMetric metric : ReportMetric.values()) {
      values.put(
          metric,
          RepeatedValue.of(
              completed.stream()
                  .mapToDouble(point -> point.metrics().get(metric).orElse(Double.NaN))
                  .toArray()));
    }
    return new RepeatSpread(repeats.size(), completed.size(), values);
  }

  /** The ends of the 95 % confidence interval of a mean; none with fewer than two values. */
  List<Double> interval(ReportMetric metric) {
    RepeatedValue value = values.get(metric);
    return Double.isFinite(value.low()) ? List.of(value.low(), value.high()) : List.of();
  }

  double mean(ReportMetric metric) {
    return values.get(metric).mean();
  }
}
