package dev.caravan.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * One side of a comparison in one metric, at one point or over all of them: for each batch one
 * logarithm a repeat, rising as the metric gets worse.
 */
public final class Side {

  private static final double UPPER = 0.975;

  private final List<double[]> batches;
  private final int size;

  private Side(List<double[]> batches) {
    this.batches = batches.stream().map(Side::finite).filter(values -> values.length > 0).toList();
    this.size = this.batches.stream().mapToInt(values -> values.length).sum();
  }

  private static double[] finite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return Arrays.stream(values).filter(Double::isFinite).toArray();
      }
    }
    return values;
  }

  /** One point: for each batch its values in the metric's unit, NaN where a repeat has none. */
  static Side at(MetricRule metric, List<double[]> batches) {
    return new Side(logs(metric, batches));
  }

  /**
   * Over points: for each repeat of each batch the mean of all points. A repeat that lacks one of
   * them is left out, since points have different values.
   */
  static Side over(MetricRule metric, List<List<double[]>> points) {
    List<List<double[]>> logs = points.stream().map(point -> logs(metric, point)).toList();
    int count = logs.stream().mapToInt(List::size).min().orElse(0);
    List<double[]> means = new ArrayList<>();
    for (int batch = 0; batch < count; batch++) {
      int at = batch;
      means.add(means(logs.stream().map(point -> point.get(at)).toList()));
    }
    return new Side(means);
  }

  private static double[] means(List<double[]> points) {
    double[] means = new double[points.stream().mapToInt(values -> values.length).min().orElse(0)];
    for (int repeat = 0; repeat < means.length; repeat++) {
      int at = repeat;
      means[at] = points.stream().mapToDouble(values -> values[at]).average().orElse(Double.NaN);
    }
    return means;
  }

  private static List<double[]> logs(MetricRule metric, List<double[]> batches) {
    return batches.stream().map(values -> logs(metric, values)).toList();
  }

  private static double[] logs(MetricRule metric, double[] values) {
    double[] logs = new double[values.length];
    Arrays.setAll(logs, at -> metric.worse(values[at]));
    return logs;
  }

  /** Number of values. */
  public int size() {
    return size;
  }

  /** Number of batches that have a value. */
  public int batches() {
    return batches.size();
  }

  /** The mean of all values; NaN if there are none. */
  double mean() {
    return batches.size() == 1
        ? mean(batches.get(0))
        : batches.stream().flatMapToDouble(Arrays::stream).average().orElse(Double.NaN);
  }

  /** Degrees of freedom of {@link #variance}. */
  int freedom() {
    return size() - batches();
  }

  /** The variance of repeats within a batch, pooled over batches; NaN with one repeat each. */
  double variance() {
    double squares = 0;
    for (double[] values : batches) {
      double mean = mean(values);
      squares += Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    }
    return freedom() > 0 ? squares / freedom() : Double.NaN;
  }

  /** Half of the 95 % interval of {@link #mean}, from repeats alone; empty without any. */
  OptionalDouble halfWidth() {
    return freedom() > 0
        ? OptionalDouble.of(
            TDistribution.of(freedom()).inverseCumulativeProbability(UPPER)
                * Math.sqrt(variance() / size()))
        : OptionalDouble.empty();
  }

  /** The factor by which the variance between batches contributes to that of {@link #mean}. */
  double shareOfBatches() {
    double squares = batches.stream().mapToDouble(b -> (double) b.length * b.length).sum();
    return squares / ((double) size() * size());
  }

  /** The variance of the means of batches beyond what repeats explain; it may be negative. */
  double excess() {
    double[] means = batches.stream().mapToDouble(Side::mean).toArray();
    double mean = mean(means);
    double between =
        Arrays.stream(means).map(each -> (each - mean) * (each - mean)).sum() / (means.length - 1);
    double explained =
        freedom() > 0
            ? variance() * batches.stream().mapToDouble(b -> 1.0 / b.length).average().orElse(0)
            : 0;
    return between - explained;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }
}
