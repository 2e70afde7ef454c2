package dev.caravan.pipeline.outcome;

import java.time.Duration;
import java.util.Locale;

/** Formats untrusted text, counts and durations for a line of output. */
public final class OneLine {

  private OneLine() {}

  /**
   * Puts text on one line: removes terminal escapes and invisible characters, replaces control
   * characters and runs of whitespace with one space, and cuts it to {@code max} characters.
   */
  public static String line(String text, int max) {
    return cut(new LineText(text, max).toString(), max);
  }

  /** Cuts text to {@code max} code points; if anything is cut, the last one is an ellipsis. */
  public static String cut(String text, int max) {
    int length = text.codePointCount(0, text.length());
    if (length <= max) {
      return text;
    }
    return max < 1 ? "" : text.substring(0, text.offsetByCodePoints(0, max - 1)) + "…";
  }

  /** A count with thousands separators, such as {@code 5,190}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /**
   * A share of a whole in percent, such as {@code 2.5 %}; never 0 for a part that is not, nor 100
   * for one that is not all.
   */
  public static String share(long part, long whole) {
    double percent = 100.0 * part / whole;
    if (percent > 0 && percent < 0.1) {
      return "under 0.1 %";
    }
    if (percent >= 99.95 && part < whole) {
      return "over 99.9 %";
    }
    boolean isNearAnEnd = percent < 9.95 || percent >= 99.5 && part < whole;
    return String.format(Locale.ROOT, isNearAnEnd ? "%.1f %%" : "%.0f %%", percent);
  }

  /** A duration for display, such as {@code 3.2 s} or {@code 1 h 2 min 3 s}. */
  public static String duration(Duration span) {
    if (span.compareTo(Duration.ofMinutes(1)) < 0) {
      return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1000.0);
    }
    String hours = span.toHours() > 0 ? span.toHours() + " h " : "";
    return hours + span.toMinutesPart() + " min " + span.toSecondsPart() + " s";
  }
}
