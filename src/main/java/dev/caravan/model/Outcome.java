package dev.caravan.model;

import java.util.Locale;

/** How a run ended. */
public enum Outcome {
  SUCCEEDED(Counts.COMPLETED),
  DEGRADED(Counts.COMPLETED),
  FAILED(Counts.FAILED),
  TIMED_OUT(Counts.FAILED),
  UNHEALTHY(Counts.FAILED),
  INVALID(Counts.FAILED),
  CANCELLED(Counts.NEITHER);

  /** What an outcome counts as in the summary. */
  public enum Counts {
    COMPLETED,
    FAILED,
    NEITHER
  }

  private final Counts counts;

  Outcome(Counts counts) {
    this.counts = counts;
  }

  public Counts counts() {
    return counts;
  }

  /** The word in files and tables, such as {@code timed_out}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The outcome of this word. */
  public static Outcome of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
