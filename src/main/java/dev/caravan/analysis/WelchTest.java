package dev.caravan.analysis;

import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Welch's one-sided t-test of two sides, with a term for the noise between batches.
 *
 * @param mean difference of the means, positive where the candidate is worse; NaN when a side has
 *     no values
 * @param error its standard error; NaN when a side has no repeats
 * @param freedom degrees of freedom by Welch and Satterthwaite, of the repeats alone
 */
record WelchTest(double mean, double error, double freedom) {

  private static final double UPPER = 0.975;

  static WelchTest of(Side base, Side candidate, Noise noise) {
    double ofBase = base.variance() / base.size();
    double ofCandidate = candidate.variance() / candidate.size();
    double ofNoise = noise.variance() * (base.shareOfBatches() + candidate.shareOfBatches());
    double repeats = ofBase + ofCandidate;
    double freedom =
        repeats
            * repeats
            / (ofBase * ofBase / base.freedom() + ofCandidate * ofCandidate / candidate.freedom());
    return new WelchTest(candidate.mean() - base.mean(), Math.sqrt(repeats + ofNoise), freedom);
  }

  /** Whether both sides have repeats. */
  boolean isPossible() {
    return Double.isFinite(mean) && Double.isFinite(error);
  }

  /** The probability of this difference, or a larger one, if there were none. */
  double probability() {
    return probabilityAbove(0);
  }

  /** The probability of this difference, or a larger one, if the true one were {@code truth}. */
  private double probabilityAbove(double truth) {
    if (!isPossible()) {
      return 1;
    }
    if (error == 0) {
      return mean > truth ? 0 : 1; // the repeats of each side are all equal
    }
    return distribution().survivalProbability((mean - truth) / error);
  }

  /**
   * Whether the upper end of the 95 % interval is at most this; quicker than to compute the end.
   */
  boolean isAtMost(double limit) {
    return isPossible() && probabilityAbove(limit) >= UPPER;
  }

  /** The upper end of the 95 % interval. */
  double upper() {
    return mean + halfWidth();
  }

  /** The lower end of the 95 % interval. */
  double lower() {
    return mean - halfWidth();
  }

  private double halfWidth() {
    return error == 0 || !isPossible()
        ? error
        : error * distribution().inverseCumulativeProbability(UPPER);
  }

  private ContinuousDistribution distribution() {
    return freedom > 0 ? TDistribution.of(freedom) : NormalDistribution.of(0, 1);
  }
}
