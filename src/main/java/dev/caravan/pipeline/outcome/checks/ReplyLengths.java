package dev.caravan.pipeline.outcome.checks;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * How long replies are.
 *
 * @param counts number of replies by their length in tokens, as aiperf counts them
 * @param miscounted those that have another length than requested for aiperf alone
 * @param requested tokens that their requests asked for, on average; empty if it is not known
 * @param untold number of replies by their length as in {@code counts} of which the service does
 *     not say how long they are; −1 of those of which aiperf does not say it either
 */
public record ReplyLengths(
    Map<Integer, Long> counts,
    long miscounted,
    OptionalDouble requested,
    Map<Integer, Long> untold) {

  /** The length of a reply that nobody counted. */
  public static final int UNKNOWN = -1;

  /** Two groups of replies are of different lengths if their means are so many errors apart. */
  private static final double ERRORS = 3;

  private static final long FEWEST = 10;

  /** How far a count may be off, as aiperf has it. */
  private static final double TOLERANCE = 0.05;

  private static final double MOST_TOKENS_OFF = 50;

  /** A service that sends more or less than these parts of what it counts is not believed. */
  static final double SHORTEST = 0.5;

  static final double LONGEST = 2;

  public ReplyLengths {
    counts = Map.copyOf(counts);
    untold = Map.copyOf(untold);
  }

  /** Replies of which the service does not say how long they are. */
  long untoldCount() {
    return new Lot(untold).count();
  }

  /** Whether they are of another length than the others, as those are that were broken off. */
  boolean areUntoldUnlike() {
    Map<Integer, Long> missing = new HashMap<>(untold);
    missing.remove(UNKNOWN);
    Map<Integer, Long> told = new HashMap<>(counts);
    missing.forEach((length, count) -> told.merge(length, -count, Long::sum));
    Lot without = new Lot(missing);
    Lot with = new Lot(told);
    double error = Math.sqrt(with.squaredError() + without.squaredError());
    return Math.min(with.count(), without.count()) >= FEWEST
        && Math.abs(with.mean() - without.mean()) > ERRORS * error;
  }

  /** Some replies by their lengths. */
  private record Lot(Map<Integer, Long> counts) {
    long count() {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    double mean() {
      return sum(length -> length) / count();
    }

    /** The square of the standard error of the mean. */
    double squaredError() {
      double mean = mean();
      return sum(length -> (length - mean) * (length - mean)) / count() / count();
    }

    private double sum(DoubleUnaryOperator term) {
      return counts.entrySet().stream()
          .mapToDouble(each -> term.applyAsDouble(each.getKey()) * each.getValue())
          .sum();
    }
  }

  /**
   * Whether the service counts as many tokens of a reply as were requested, and aiperf does not,
   * but as many as another tokenizer may find in it.
   *
   * @param requested tokens; NaN if it is not known
   * @param aiperf tokens that aiperf counts
   * @param service tokens that the service counts; −1 if it does not
   */
  public static boolean isMiscounted(double requested, int aiperf, int service) {
    return service >= 0
        && isAsRequested(requested, service)
        && !isAsRequested(requested, aiperf)
        && aiperf >= SHORTEST * requested
        && aiperf <= LONGEST * requested;
  }

  private static boolean isAsRequested(double requested, int tokens) {
    return Math.abs(tokens - requested) <= Math.min(TOLERANCE * requested, MOST_TOKENS_OFF);
  }
}
