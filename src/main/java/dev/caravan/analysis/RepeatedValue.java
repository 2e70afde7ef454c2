package dev.caravan.analysis;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The repeats of one metric at one point. Mean and interval are in the metric's own unit, not of
 * logarithms: rates of errors and cache hits may be 0, and the mean is the one that a spreadsheet
 * gives.
 *
 * @param count number of repeats that have a value
 * @param mean arithmetic mean; NaN without values
 * @param low lower end of the 95 % t interval of the mean; NaN with fewer than two values
 * @param high its upper end
 * @param cv coefficient of variation: standard deviation by mean; NaN with fewer than two values,
 *     or a mean of 0
 */
public record RepeatedValue(int count, double mean, double low, double high, double cv) {

  private static final double UPPER = 0.975;

  /**
   * By degrees of freedom. A batch has few different ones, and a quantile takes longer to compute
   * than a mean.
   */
  private static final Map<Integer, Double> QUANTILES = new ConcurrentHashMap<>();

  /** A CV above this is noisy. */
  private static final double USUAL_CV = 0.05;

  /** The same for the 99th percentile, which stands on a hundredth of the requests. */
  private static final double TAIL_CV = 0.15;

  /** The summary of these values; NaN is no value. */
  public static RepeatedValue of(double... values) {
    double[] known = Arrays.stream(values).filter(Double::isFinite).toArray();
    int count = known.length;
    double mean = Arrays.stream(known).average().orElse(Double.NaN);
    if (count < 2) {
      return new RepeatedValue(count, mean, Double.NaN, Double.NaN, Double.NaN);
    }
    double squares = Arrays.stream(known).map(value -> (value - mean) * (value - mean)).sum();
    double deviation = Math.sqrt(squares / (count - 1));
    double half =
        QUANTILES.computeIfAbsent(count - 1, RepeatedValue::quantile)
            * deviation
            / Math.sqrt(count);
    double cv = mean == 0 ? Double.NaN : deviation / Math.abs(mean);
    return new RepeatedValue(count, mean, mean - half, mean + half, cv);
  }

  private static double quantile(int freedom) {
    return TDistribution.of(freedom).inverseCumulativeProbability(UPPER);
  }

  /** Whether repeats of the metric of this name differ more than is usual. */
  public boolean isNoisy(String metric) {
    return cv > (metric.endsWith("_p99") ? TAIL_CV : USUAL_CV);
  }
}
