package dev.caravan.pipeline.outcome.checks;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * How long replies are.
 *
 * @param counts number of replies by their length in tokens, as aiperf counts them
 * @param miscounted those that have another length than requested for aiperf alone
 * @param requested tokens that their requests asked for, on average; empty if it is not known
 */
public record ReplyLengths(Map<Integer, Long> counts, long miscounted, OptionalDouble requested) {

  /** How far a count may be off, as aiperf has it. */
  private static final double TOLERANCE = 0.05;

  private static final double MOST_TOKENS_OFF = 50;

  /** A service that sends more or less than these parts of what it counts is not believed. */
  static final double SHORTEST = 0.5;

  static final double LONGEST = 2;

  public ReplyLengths {
    counts = Map.copyOf(counts);
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
