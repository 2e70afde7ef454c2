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

  /** The value in files and messages, such as {@code timed_out}. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The outcome with this value, as {@link #value()} gives it. */
  public static Outcome of(String value) {
    return valueOf(value.toUpperCase(Locale.ROOT));
  }
}
