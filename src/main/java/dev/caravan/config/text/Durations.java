package dev.caravan.config.text;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: a whole number and its unit, such as {@code 30s}. */
public final class Durations {

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h)");

  /** Milliseconds of each unit, the largest first. */
  private static final Map<String, Long> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("h", 3_600_000L);
    UNITS.put("m", 60_000L);
    UNITS.put("s", 1_000L);
    UNITS.put("ms", 1L);
  }

  private Durations() {}

  /**
   * Reads {@code 250ms}, {@code 30s}, {@code 5m} or {@code 1h}; space around it is ignored.
   *
   * @throws IllegalArgumentException when it is anything else, with the value and what to write
   */
  public static Duration parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\""
                        + text
                        + "\" is no duration: write a whole number and a unit (ms, s, m or h),"
                        + " such as 250ms, 30s, 5m or 1h"));
  }

  /** As {@link #parse}; empty when the text is no duration. */
  public static Optional<Duration> find(String text) {
    Matcher form = FORM.matcher(text.strip());
    return form.matches()
        ? Optional.of(Duration.ofMillis(Long.parseLong(form.group(1)) * UNITS.get(form.group(2))))
        : Optional.empty();
  }

  /**
   * The duration with the largest unit that gives a whole number, such as {@code 90s} or {@code
   * 2h}; {@link #parse} reads it back. What is below a millisecond is cut off.
   */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    return UNITS.entrySet().stream()
        .filter(unit -> millis != 0 && millis % unit.getValue() == 0)
        .map(unit -> millis / unit.getValue() + unit.getKey())
        .findFirst()
        .orElse("0s");
  }
}
