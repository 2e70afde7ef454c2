package dev.caravan.observe.report;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The figures of one run in a report, absent ones told apart from 0. */
public final class RunMetrics {

  /** Of a run that has none. */
  static final RunMetrics NONE = new RunMetrics(metric -> OptionalDouble.empty());

  /** By ordinal; NaN is absent. */
  private final double[] values = new double[ReportMetric.values().length];

  /** The figures that {@code source} gives. */
  RunMetrics(Function<ReportMetric, OptionalDouble> source) {
    for (ReportMetric metric : ReportMetric.values()) {
      values[metric.ordinal()] = source.apply(metric).orElse(Double.NaN);
    }
  }

  /** One figure, in its metric's unit. */
  public OptionalDouble get(ReportMetric metric) {
    double value = values[metric.ordinal()];
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RunMetrics f && Arrays.equals(values, f.values);
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
