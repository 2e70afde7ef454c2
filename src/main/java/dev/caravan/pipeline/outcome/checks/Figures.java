package dev.caravan.pipeline.outcome.checks;

import java.util.Locale;

/** Formats the numbers in messages. */
final class Figures {

  private Figures() {}

  /** Such as {@code 1,234}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** At most three digits: {@code 0.12}, {@code 3.4}, {@code 127}. */
  static String number(double number) {
    double size = Math.abs(number);
    String form = size >= 99.95 ? "%,.0f" : size >= 9.995 ? "%.1f" : "%.2f";
    String text = String.format(Locale.ROOT, form, number);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
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
