package dev.caravan.pipeline.environment;

/** Recognizes which numbers in untrusted files and replies can be measured values. */
public final class Plausible {

  /** More requests, tokens or milliseconds than any run has; sums of such figures stay finite. */
  private static final double MOST = 1e15;

  private Plausible() {}

  /** Whether this can be a figure; NaN and what is not finite cannot. */
  public static boolean isFigure(double number) {
    return Math.abs(number) <= MOST;
  }
}
