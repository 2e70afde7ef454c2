package dev.caravan.pipeline.outcome;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The metrics of one run; an absent value is empty, not 0. Compact, since a batch keeps them for
 * every run.
 */
public final class Metrics {

  private static final Metric[] ALL = Metric.values();

  /** Values by ordinal; NaN means absent. */
  private final double[] values = new double[ALL.length];

  /** The values that {@code source} returns. */
  Metrics(Function<Metric, OptionalDouble> source) {
    for (Metric metric : ALL) {
      values[metric.ordinal()] = source.apply(metric).orElse(Double.NaN);
    }
  }

  /** The value in the unit of the metric's column. */
  public OptionalDouble get(Metric metric) {
    double value = values[metric.ordinal()];
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Metrics m && Arrays.equals(values, m.values);
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
