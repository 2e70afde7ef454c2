package dev.caravan.observe.report;

import java.util.Locale;

/** Formats numbers with three significant digits, or more before the decimal point. */
public final class Rounding {

  private Rounding() {}

  /** The number with a thousands separator. */
  public static String of(double value) {
    double size = Math.abs(value);
    boolean whole = value == Math.rint(value);
    int decimals = whole || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
