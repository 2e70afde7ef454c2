package dev.caravan.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How far repeats of a metric are from each other, over several loads: the standard deviation of
 * the logarithms of its values around the mean of their load.
 *
 * @param deviation the standard deviation; 0 when unknown
 * @param freedom degrees of freedom: values beyond the first of their load
 */
public record PooledSpread(double deviation, int freedom) {

  private static final double UPPER = 0.975;

  /** Rounding leaves less than this between equal values. */
  private static final double ROUNDING = 1e-9;

  /** The spread of these values, load by load; a load with a value of 0 has no logarithms. */
  public static PooledSpread of(List<double[]> byLoad) {
    double squares = 0;
    int freedom = 0;
    for (double[] values : byLoad) {
      if (values.length > 1 && Arrays.stream(values).allMatch(value -> value > 0)) {
        double mean = Arrays.stream(values).map(Math::log).average().orElseThrow();
        squares += Arrays.stream(values).map(v -> Math.pow(Math.log(v) - mean, 2)).sum();
        freedom += values.length - 1;
      }
    }
    return new PooledSpread(freedom == 0 ? 0 : Math.sqrt(squares / freedom), freedom);
  }

  /**
   * Half of the 95 % t interval of the mean of this many logarithms; empty when no load has several
   * values that differ.
   */
  public OptionalDouble halfWidth(int count) {
    return deviation > ROUNDING
        ? OptionalDouble.of(
            TDistribution.of(freedom).inverseCumulativeProbability(UPPER)
                * deviation
                / Math.sqrt(count))
        : OptionalDouble.empty();
  }
}
