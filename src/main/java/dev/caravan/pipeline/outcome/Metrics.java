package dev.caravan.pipeline.outcome;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The metrics of one run; an absent value is empty, not 0. Compact, since a batch keeps them for
 * every run.
 *
 * @param <M> the metrics that there are
 */
public final class Metrics<M extends Enum<M>> {

  /** Values by ordinal; NaN means absent. */
  private final double[] values;

  /** The values of these metrics that {@code source} returns. */
  public Metrics(Class<M> metrics, Function<M, OptionalDouble> source) {
    values =
        Arrays.stream(metrics.getEnumConstants())
            .mapToDouble(metric -> source.apply(metric).orElse(Double.NaN))
            .toArray();
  }

  /** The value of a metric, in its unit. */
  public OptionalDouble get(M metric) {
    double value = values[metric.ordinal()];
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Metrics<?> m && Arrays.equals(values, m.values);
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
