package dev.caravan.pipeline.outcome.checks;

import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Formats the numbers in messages. */
public final class Figures {

  private Figures() {}

  /** Such as {@code 1,234}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** At most three digits: {@code 0.12}, {@code 3.4}, {@code 127}. */
  public static String number(double number) {
    double size = Math.abs(number);
    String pattern = size >= 99.95 ? "#,##0" : size >= 9.995 ? "0.#" : "0.##";
    DecimalFormat format =
        new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(number);
  }

  /** Such as {@code 12.5 %}. */
  static String percent(double percent) {
    return number(percent) + " %";
  }

  /** Such as {@code 35 ms} or {@code 4.1 s}. */
  static String millis(double millis) {
    return millis < 1_000 ? number(millis) + " ms" : number(millis / 1_000) + " s";
  }
}
