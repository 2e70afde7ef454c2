package dev.caravan.pipeline.outcome.checks;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How bad a finding is; the worst comes last. */
public enum Level {
  /** True, but read this first. */
  NOTE,
  /** A true number for something else than its label says. */
  WARNING,
  /** The run was disturbed. */
  DEGRADED,
  /** The number means nothing. */
  INVALID;

  /** The value in files, such as {@code warning}. */
  @JsonValue
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The level with this value, if there is one. */
  public static Optional<Level> find(String value) {
    return Arrays.stream(values()).filter(level -> level.value().equals(value)).findFirst();
  }

  /**
   * The level with this value.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Level of(String value) {
    return valueOf(value.toUpperCase(Locale.ROOT));
  }
}
