package dev.caravan.analysis;

import java.util.List;
import java.util.Optional;

/**
 * How much a metric differs between batches of the same thing, beyond what their repeats explain:
 * another day, another start of the service, another neighbour.
 *
 * @param basis how it is known
 * @param deviation standard deviation of logarithms, which is about the fraction: 0.01 for 1 %
 * @param batches number of batches that it was measured over; 0 if it was not measured
 */
public record Noise(Basis basis, double deviation, int batches) {

  /** How the noise between batches is known. */
  public enum Basis {
    /** Both sides ran in turn on one service, so that there is none. */
    IN_TURN,
    /** Too few batches to measure it: a usual value is taken. */
    ASSUMED,
    /** From earlier batches. */
    MEASURED
  }

  /** Number of batches from which on the noise between them is measured. */
  public static final int FEWEST_BATCHES = 5;

  /** No noise, between sides whose runs took turns. */
  public static final Noise NONE = new Noise(Basis.IN_TURN, 0, 0);

  /** A noise that is not measured yet. */
  public static Noise assumed(double deviation) {
    return new Noise(Basis.ASSUMED, deviation, 0);
  }

  /**
   * The noise that these batches show: the variance of their means less what their repeats explain,
   * on average over points.
   *
   * @param values where batches are the base of each
   * @return empty when no point has {@value #FEWEST_BATCHES} batches
   */
  public static Optional<Noise> measured(List<Measured> values) {
    List<Side> sides =
        values.stream()
            .map(each -> Side.at(each.metric(), each.base()))
            .filter(side -> side.batches() >= FEWEST_BATCHES)
            .toList();
    double excess = sides.stream().mapToDouble(Side::excess).average().orElse(0);
    return sides.stream()
        .map(Side::batches)
        .min(Integer::compare)
        .map(fewest -> new Noise(Basis.MEASURED, Math.sqrt(Math.max(0, excess)), fewest));
  }

  double variance() {
    return deviation * deviation;
  }
}
