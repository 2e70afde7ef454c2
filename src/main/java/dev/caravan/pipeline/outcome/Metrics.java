package dev.caravan.pipeline.outcome;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The figures of one run, absent ones told apart from 0. Small: a batch keeps them of every run.
 */
public final class Metrics {

  private static final Metric[] ALL = Metric.values();

  /** By ordinal; NaN is absent. */
  private final double[] values = new double[ALL.length];

  /** The figures that {@code source} gives. */
  Metrics(Function<Metric, OptionalDouble> source) {
    for (Metric measure : ALL) {
      values[measure.ordinal()] = source.apply(measure).orElse(Double.NaN);
    }
  }

  /** One figure, in the unit of its column. */
  public OptionalDouble get(Metric measure) {
    double value = values[measure.ordinal()];
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
