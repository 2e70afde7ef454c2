package dev.caravan.pipeline.outcome.checks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Formats the numbers in messages. */
public final class Figures {

  /** From here on two decimals are enough. */
  private static final double SMALL = 0.1;

  /** What computing leaves of nothing. */
  private static final double NOTHING = 1e-9;

  private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

  private Figures() {}

  /** Such as {@code 1,234}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** At most three digits: {@code 0.0012}, {@code 0.12}, {@code 3.4}, {@code 127}. */
  public static String number(double number) {
    double size = Math.abs(number);
    if (size < SMALL && size > NOTHING) {
      return BigDecimal.valueOf(number).round(DIGITS).stripTrailingZeros().toPlainString();
    }
    String pattern = size >= 99.95 ? "#,##0" : size >= 9.995 ? "0.#" : "0.##";
    DecimalFormat format =
        new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setRoundingMode(RoundingMode.HALF_UP);
    return format.format(number);
  }

  /** Such as {@code 12.5 %}; never 100 for a part that is not all. */
  static String percent(double percent) {
    return percent >= 99.95 && percent < 100 ? "over 99.9 %" : number(percent) + " %";
  }

  /** Such as {@code 35 ms} or {@code 4.1 s}. */
  static String millis(double millis) {
    return millis < 1_000 ? number(millis) + " ms" : number(millis / 1_000) + " s";
  }
}
