package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a run ended, judged by evidence rather than by the exit code alone. */
public enum Outcome {
  SUCCEEDED(Counts.COMPLETED),
  DEGRADED(Counts.COMPLETED),
  FAILED(Counts.FAILED),
  TIMED_OUT(Counts.FAILED),
  UNHEALTHY(Counts.FAILED),
  INVALID(Counts.FAILED),
  CANCELLED(Counts.NEITHER);

  /** The summary's counter that an outcome adds to. */
  public enum Counts {
    COMPLETED,
    FAILED,
    NEITHER
  }

  private final Counts counts;

  Outcome(Counts counts) {
    this.counts = counts;
  }

  /** The counter that this outcome adds to. */
  public Counts counts() {
    return counts;
  }

  /** Whether the numbers of its runs mean something. */
  public boolean isCompleted() {
    return counts == Counts.COMPLETED;
  }

  /** Whether its runs have numbers, whatever they are worth: checks find something in no others. */
  public boolean hasNumbers() {
    return isCompleted() || this == INVALID;
  }

  /** The value in files and messages, such as {@code timed_out}. */
  @JsonValue
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The outcome with this value, as {@link #value()} gives it. */
  @JsonCreator
  public static Outcome of(String value) {
    return valueOf(value.toUpperCase(Locale.ROOT));
  }
}
