package dev.caravan.config.text;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes durations as a whole number and a unit, such as {@code 30s}. */
public final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h)");
  private static final Pattern DAYS = Pattern.compile("(\\d{1,5})d");

  /** The units, the largest first. */
  private static final List<Unit> UNITS =
      List.of(
          new Unit("h", 3_600_000), new Unit("m", 60_000), new Unit("s", 1_000), new Unit("ms", 1));

  private record Unit(String name, long millis) {}

  private Durations() {}

  /**
   * Parses {@code 250ms}, {@code 30s}, {@code 5m} or {@code 1h}; surrounding space is ignored.
   *
   * @throws IllegalArgumentException for anything else; the message has the value and the format
   */
  public static Duration parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\""
                        + text
                        + "\" is not a duration: write a whole number and a unit (ms, s, m or h),"
                        + " such as 250ms, 30s, 5m or 1h"));
  }

  /** Like {@link #parse}, but empty if the text is not a duration. */
  public static Optional<Duration> tryParse(String text) {
    Matcher form = FORM.matcher(text.strip());
    return form.matches()
        ? Optional.of(Duration.ofMillis(Long.parseLong(form.group(1)) * millis(form.group(2))))
        : Optional.empty();
  }

  /** Like {@link #tryParse}, but also reads days, such as {@code 30d}: for ages. */
  public static Optional<Duration> tryParseAge(String text) {
    Matcher days = DAYS.matcher(text.strip());
    return days.matches()
        ? Optional.of(Duration.ofDays(Long.parseLong(days.group(1))))
        : tryParse(text);
  }

  private static long millis(String unit) {
    return UNITS.stream()
        .filter(each -> each.name().equals(unit))
        .mapToLong(Unit::millis)
        .findFirst()
        .orElseThrow();
  }

  /**
   * The duration in the largest unit that gives a whole number, such as {@code 90s} or {@code 2h},
   * as {@link #parse} reads it. Fractions of a millisecond are dropped.
   */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    return UNITS.stream()
        .filter(unit -> millis != 0 && millis % unit.millis() == 0)
        .map(unit -> millis / unit.millis() + unit.name())
        .findFirst()
        .orElse("0s");
  }
}
