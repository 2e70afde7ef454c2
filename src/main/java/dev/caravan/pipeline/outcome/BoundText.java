package dev.caravan.pipeline.outcome;

import dev.caravan.config.Slo;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Bounds, and values beside them, as text: rounding moves no value across its bound. */
public final class BoundText {

  /** As many as a double can need. */
  private static final int MOST_DECIMALS = 17;

  private BoundText() {}

  /** A bound as the config has it, with thousands separators. */
  public static String exact(double bound) {
    DecimalFormat format =
        new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    format.setMaximumFractionDigits(MOST_DECIMALS);
    return format.format(BigDecimal.valueOf(bound));
  }

  /**
   * A value beside its bound.
   *
   * @param rounding how it is told, unless more decimals are needed to see whether it keeps the
   *     bound
   */
  public static String value(Slo bound, double value, DoubleFunction<String> rounding) {
    boolean isKept = bound.holds(value);
    String text = rounding.apply(value);
    for (int decimals = 1; bound.holds(number(text)) != isKept && decimals <= MOST_DECIMALS; ) {
      text = String.format(Locale.ROOT, "%,." + decimals++ + "f", value);
    }
    return text;
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(",", ""));
  }
}
