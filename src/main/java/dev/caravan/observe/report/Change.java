package dev.caravan.observe.report;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.descriptive.Median;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A figure of a batch compared with the same figure of earlier batches of the same work. Median and
 * median deviation stand for what is usual, so that one odd night does not hide the next.
 *
 * @param value the figure
 * @param usual median of the earlier ones
 * @param batches number of earlier ones
 * @param bound how far from the usual it has to be, as a fraction, to be called a change
 * @param kind what it is called
 */
public record Change(double value, double usual, int batches, double bound, Kind kind) {

  /** How a figure compares with those of earlier batches. */
  public enum Kind {
    /** Too few earlier batches to know the noise. */
    UNKNOWN,
    AS_USUAL,
    WORSE,
    BETTER
  }

  /** Number of earlier batches from which on the noise between them is known. */
  public static final int FEWEST = 5;

  /** Smaller differences are not called a change, as in comparisons. */
  private static final double TOLERANCE = Math.log(1.05);

  /** α is 0.01, as in comparisons. */
  private static final double CONFIDENCE = 0.99;

  /** Makes a median deviation that of a normal distribution. */
  private static final double NORMAL = 1.4826;

  /** Corrects the median deviation of few values. */
  private static final double FEW = 0.8;

  /**
   * A figure beside earlier ones.
   *
   * @param earlier at least one, all positive
   */
  static Change of(double value, List<Double> earlier, boolean isHigherBetter) {
    double[] logs = earlier.stream().mapToDouble(Math::log).toArray();
    double middle = Median.withDefaults().evaluate(logs.clone());
    double bound = bound(logs, middle);
    double distance = (Math.log(value) - middle) * (isHigherBetter ? 1 : -1);
    Kind kind =
        logs.length < FEWEST
            ? Kind.UNKNOWN
            : distance <= -bound ? Kind.WORSE : distance >= bound ? Kind.BETTER : Kind.AS_USUAL;
    return new Change(value, Math.exp(middle), logs.length, Math.expm1(bound), kind);
  }

  private static double bound(double[] logs, double middle) {
    if (logs.length < FEWEST) {
      return TOLERANCE;
    }
    double[] distances = Arrays.stream(logs).map(log -> Math.abs(log - middle)).toArray();
    double deviation =
        NORMAL
            * logs.length
            / (logs.length - FEW)
            * Median.withDefaults().evaluate(distances.clone());
    double quantile = TDistribution.of(logs.length - 1).inverseCumulativeProbability(CONFIDENCE);
    return Math.max(TOLERANCE, quantile * deviation * Math.sqrt(1 + 1.0 / logs.length));
  }

  /** The difference from the usual as a fraction of it. */
  public double fraction() {
    return value / usual - 1;
  }
}
