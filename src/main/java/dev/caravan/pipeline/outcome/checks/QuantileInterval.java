package dev.caravan.pipeline.outcome.checks;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * The 95 % confidence interval of a quantile within one run: two values of the sample, chosen by
 * the binomial distribution of the number of values below the quantile.
 *
 * @param low its lower end
 * @param high its upper end
 */
record QuantileInterval(double low, double high) {

  private static final double TAIL = 0.025;

  /** The interval of this quantile; empty when the values are too few to have an upper end. */
  static Optional<QuantileInterval> of(double[] values, double quantile) {
    if (values.length < samplesFor(quantile)) {
      return Optional.empty();
    }
    BinomialDistribution below = BinomialDistribution.of(values.length, quantile);
    int low = below.inverseCumulativeProbability(TAIL); // ranks from 1
    int high = below.inverseCumulativeProbability(1 - TAIL) + 1;
    if (low < 1 || high > values.length) {
      return Optional.empty();
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Optional.of(new QuantileInterval(sorted[low - 1], sorted[high - 1]));
  }

  /**
   * Number of values from which on the largest is below the true quantile in at most one sample of
   * forty.
   */
  static double samplesFor(double quantile) {
    return Math.ceil(Math.log(TAIL) / Math.log(quantile));
  }
}
