package dev.caravan.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The mean of a metric over the points of a batch, with what its rounds say of it: points of a
 * round share the drift of the machine, so that they are no repeats of each other.
 *
 * @param mean geometric mean over the points, of the rounds that have them all; where none has, of
 *     all values
 * @param low lower end of its 95 % interval; empty unless two rounds have all points
 * @param high upper end
 */
public record BatchMean(double mean, OptionalDouble low, OptionalDouble high) {

  /** Logarithms need no direction. */
  private static final MetricRule METRIC = new MetricRule("", false, 0, Noise.NONE);

  /**
   * The mean of a batch.
   *
   * @param points for each point its values by round; NaN where a round has none
   * @return empty when a point has no value, or no positive one
   */
  public static Optional<BatchMean> of(List<double[]> points) {
    double[] means =
        points.stream().mapToDouble(point -> Side.at(METRIC, List.of(point)).mean()).toArray();
    if (!Arrays.stream(means).allMatch(Double::isFinite)) {
      return Optional.empty();
    }
    Side rounds = Side.over(METRIC, points.stream().map(List::of).toList());
    double mean = rounds.size() > 0 ? rounds.mean() : Arrays.stream(means).average().orElse(0);
    OptionalDouble half = rounds.halfWidth();
    return Optional.of(
        new BatchMean(
            METRIC.value(mean),
            half.isEmpty() ? half : OptionalDouble.of(METRIC.value(mean - half.getAsDouble())),
            half.isEmpty() ? half : OptionalDouble.of(METRIC.value(mean + half.getAsDouble()))));
  }
}
