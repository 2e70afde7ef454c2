package dev.caravan.observe.report;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The metrics of one run in a report; an absent metric is not 0. */
public final class RunMetrics {

  /** No metrics. */
  static final RunMetrics NONE = new RunMetrics(metric -> OptionalDouble.empty());

  /** By ordinal of the metric; NaN when absent. */
  private final double[] values = new double[ReportMetric.values().length];

  /** The metrics that {@code source} returns. */
  RunMetrics(Function<ReportMetric, OptionalDouble> source) {
    for (ReportMetric metric : ReportMetric.values()) {
      values[metric.ordinal()] = source.apply(metric).orElse(Double.NaN);
    }
  }

  /** The value of a metric, in its unit. */
  public OptionalDouble get(ReportMetric metric) {
    double value = values[metric.ordinal()];
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RunMetrics metrics && Arrays.equals(values, metrics.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
