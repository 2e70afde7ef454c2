package dev.caravan.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adjusts probabilities for the number of tests (S. Holm, "A Simple Sequentially Rejective Multiple
 * Test Procedure", 1979).
 */
final class Holm {

  private Holm() {}

  /** The adjusted probabilities, in the order of the given ones. */
  static double[] adjusted(double[] probabilities) {
    List<Integer> order =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(at -> probabilities[at]))
            .toList();
    double[] adjusted = new double[probabilities.length];
    double largest = 0;
    for (int rank = 0; rank < order.size(); rank++) {
      int at = order.get(rank);
      largest = Math.max(largest, Math.min(1, (order.size() - rank) * probabilities[at]));
      adjusted[at] = largest;
    }
    return adjusted;
  }
}
