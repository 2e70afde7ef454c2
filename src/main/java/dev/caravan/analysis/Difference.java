package dev.caravan.analysis;

import java.util.Optional;

/**
 * The difference between two sides in one metric, at one point or over all points.
 *
 * @param metric the metric and how it is judged
 * @param point the point's name; none over all points
 * @param base the values to compare with
 * @param candidate the values that are judged
 * @param test the test of their difference
 * @param probability probability of such a difference, or a larger one, if there were none,
 *     adjusted for the number of tests; 1 when a side has no repeats
 */
public record Difference(
    MetricRule metric,
    Optional<String> point,
    Side base,
    Side candidate,
    WelchTest test,
    double probability) {

  /** Probability below which a difference is no noise. */
  public static final double ALPHA = 0.01;

  /** Probability, before adjustment, below which a single point prevents a pass. */
  private static final double SUSPICIOUS = 0.05;

  /**
   * 2 (z(0.975) + z(0.8))²: with so many variances by limit squared as repeats a side, the 95 %
   * interval of two equal sides stays below the limit four times in five.
   */
  private static final double PLANNING = 15.7;

  private static final int FEWEST_REPEATS = 3;
  private static final int MOST_REPEATS = 1_000;

  static Difference of(MetricRule metric, Optional<String> point, Side base, Side candidate) {
    WelchTest test = WelchTest.of(base, candidate, metric.noise());
    return new Difference(metric, point, base, candidate, test, test.probability());
  }

  Difference adjusted(double probability) {
    return new Difference(metric, point, base, candidate, test, probability);
  }

  /** Whether this is over all points. */
  public boolean isOverall() {
    return point.isEmpty();
  }

  /** Whether both sides have repeats, without which nothing can be said. */
  public boolean isTestable() {
    return test.isPossible();
  }

  /** Whether the candidate is worse by the tolerance or more. */
  public boolean isBeyondTolerance() {
    return test.mean() >= metric.limit();
  }

  /** Whether the candidate is worse, by the tolerance or more, and not by noise. */
  public boolean isRegression() {
    return isTestable() && isBeyondTolerance() && probability < ALPHA;
  }

  /** Whether the candidate may well be worse: too little to fail, too much to pass. */
  public boolean isSuspicious() {
    return isTestable() && isBeyondTolerance() && test.probability() < SUSPICIOUS;
  }

  /** Whether noise leaves no room for a difference of the tolerance. */
  public boolean isBounded() {
    return test.isAtMost(metric.limit());
  }

  /**
   * Whether the candidate is better by the tolerance or more, and the interval excludes no change.
   */
  public boolean isImprovement() {
    return isTestable() && test.mean() <= -metric.limit() && test.upper() < 0;
  }

  /** The geometric mean of the base, in the metric's unit. */
  public double baseMean() {
    return metric.value(base.mean());
  }

  /** The geometric mean of the candidate, in the metric's unit. */
  public double candidateMean() {
    return metric.value(candidate.mean());
  }

  /** The change of the metric itself: -0.1 for a fall by 10 %. */
  public double change() {
    return metric.change(test.mean());
  }

  /** The lower end of the 95 % interval of {@link #change}; NaN unless testable. */
  public double lowestChange() {
    return metric.change(metric.higherIsBetter() ? test.upper() : test.lower());
  }

  /** The upper end of the 95 % interval of {@link #change}; NaN unless testable. */
  public double highestChange() {
    return metric.change(metric.higherIsBetter() ? test.lower() : test.upper());
  }

  /** The change for the worse as a multiple of the tolerance. */
  double severity() {
    return test.mean() / metric.limit();
  }

  /** The change for the worse that noise leaves possible, as a multiple of the tolerance. */
  double room() {
    return test.upper() / metric.limit();
  }

  /** The repeats a side and batch that would tell a difference of the tolerance from none. */
  public RepeatsNeeded repeatsNeeded() {
    double needed = repeats();
    if (needed == Double.POSITIVE_INFINITY) {
      return new RepeatsNeeded.Hidden();
    }
    return needed > MOST_REPEATS
        ? new RepeatsNeeded.MoreThan(MOST_REPEATS)
        : new RepeatsNeeded.About((int) needed);
  }

  /** The number of repeats needed; infinite where noise between batches hides such a difference. */
  double repeats() {
    double variance = (base.variance() + candidate.variance()) / 2;
    double between =
        metric.noise().variance() * (base.shareOfBatches() + candidate.shareOfBatches()) / 2;
    double room = metric.limit() * metric.limit() - PLANNING * between;
    return room > 0
        ? Math.max(FEWEST_REPEATS, Math.ceil(PLANNING * variance / room))
        : Double.POSITIVE_INFINITY;
  }
}
