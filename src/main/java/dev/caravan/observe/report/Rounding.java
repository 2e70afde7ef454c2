package dev.caravan.observe.report;

import java.util.Locale;

/** Formats numbers with three significant digits, or more before the decimal point. */
public final class Rounding {

  private static final int DIGITS = 3;

  /** More are of no use, and too wide for a table. */
  static final int MOST_DECIMALS = 12;

  private Rounding() {}

  /** The number with a thousands separator. */
  public static String of(double value) {
    double size = Math.abs(value);
    boolean whole = value == Math.rint(value);
    int decimals = whole ? 0 : Math.max(0, DIGITS - integerDigits(size));
    return String.format(Locale.ROOT, "%,." + Math.min(MOST_DECIMALS, decimals) + "f", value);
  }

  /**
   * Digits before the decimal point of a number that is not negative; below 0 for each zero right
   * behind it.
   */
  static int integerDigits(double value) {
    return value == 0 ? 0 : (int) Math.floor(Math.log10(value)) + 1;
  }
}
