package dev.caravan.pipeline.outcome.checks;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.statistics.descriptive.Quantile;

/** Finds times in which requests waited and none was answered. */
final class Holes {

  private static final double SHORTEST_SECONDS = 2;
  private static final double TIMES_P99 = 5;

  /** A request that follows the last reply at once waits nearly all of the time. */
  private static final double SOON = 0.1;

  /** Times are kept in units of 0.1 ms. */
  private static final double ROUNDING = 0.001;

  private static final int FEWEST_WAITING = 2;
  private static final int FEWEST_LATER = 20;

  /**
   * A time without a reply.
   *
   * @param seconds how long
   * @param threshold from where on it counts
   * @param waiting requests that waited nearly all of the time
   */
  record Hole(double seconds, double threshold, int waiting) {}

  private Holes() {}

  /** The longest hole that counts. */
  static Optional<Hole> longest(Requests requests) {
    return Stream.of(first(requests), between(requests))
        .flatMap(Optional::stream)
        .max(Comparator.comparing(Hole::seconds));
  }

  /** Before the first reply of all, if the later ones tell how long one takes. */
  private static Optional<Hole> first(Requests requests) {
    double[] ends = requests.sortedEnds();
    return ends.length == 0 || ends[0] <= SHORTEST_SECONDS
        ? Optional.empty()
        : hole(requests, 0, ends[0])
            .filter(hole -> requests.count() - hole.waiting() >= FEWEST_LATER);
  }

  private static Optional<Hole> between(Requests requests) {
    double[] ends = requests.sortedEnds();
    int at = -1;
    double seconds = SHORTEST_SECONDS;
    for (int i = 1; i < ends.length; i++) {
      if (ends[i] - ends[i - 1] > seconds) {
        seconds = ends[i] - ends[i - 1];
        at = i;
      }
    }
    return at < 0 ? Optional.empty() : hole(requests, ends[at - 1], ends[at]);
  }

  private static Optional<Hole> hole(Requests requests, double from, double to) {
    double begun = from + SOON * (to - from);
    int waiting = 0;
    double[] others = new double[requests.count()];
    int size = 0;
    for (int i = 0; i < requests.count(); i++) {
      boolean spans = requests.start(i) <= begun && requests.end(i) >= to - ROUNDING;
      waiting += spans ? 1 : 0;
      if (!spans) {
        others[size++] = requests.latency(i) / 1_000;
      }
    }
    double p99 =
        size == 0 ? 0 : Quantile.withDefaults().evaluate(Arrays.copyOf(others, size), 0.99);
    double threshold = Math.max(SHORTEST_SECONDS, TIMES_P99 * p99);
    return waiting >= FEWEST_WAITING && to - from > threshold
        ? Optional.of(new Hole(to - from, threshold, waiting))
        : Optional.empty();
  }
}
