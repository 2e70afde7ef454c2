package dev.caravan.config.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Formats values as Python does: {@code run_aiperf.py} made arguments and folder names with {@code
 * str()}, and other programs read them.
 */
public final class PythonText {

  /** Digits that distinguish any double from its neighbours. */
  private static final int MAX_DIGITS = 17;

  /** From this exponent up, Python uses scientific notation: {@code 1e+16}. */
  private static final int MIN_LARGE_EXPONENT = 16;

  /** Below this exponent, Python uses scientific notation: {@code 1e-05}. */
  private static final int MIN_PLAIN_EXPONENT = -4;

  private PythonText() {}

  /** Python's {@code str()}: {@code True}, {@code 4}, {@code 0.5}, {@code 1e-05}, or the string. */
  public static String str(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    }
    return value instanceof Double number ? number(number) : value.toString();
  }

  /** Like {@link #str}, but without the {@code .0} of a whole number, as configs write it. */
  public static String plain(Object value) {
    String text = str(value);
    return value instanceof Double && text.endsWith(".0")
        ? text.substring(0, text.length() - 2)
        : text;
  }

  /** Python's {@code repr()}: {@code {'concurrency': [1, 2], 'model': 'a'}}. */
  public static String repr(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(PythonText::repr).collect(Collectors.joining(", ", "[", "]"));
    }
    return value instanceof String text ? quoted(text) : str(value);
  }

  private static String quoted(String text) {
    boolean doubleQuotes = text.contains("'") && !text.contains("\"");
    String escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    return doubleQuotes ? '"' + escaped + '"' : "'" + escaped.replace("'", "\\'") + "'";
  }

  private static String number(double number) {
    if (number == 0 || Double.isNaN(number) || Double.isInfinite(number)) {
      return special(number);
    }
    BigDecimal shortest = shortest(number);
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    String sign = number < 0 ? "-" : "";
    return sign
        + (exponent < MIN_PLAIN_EXPONENT || exponent >= MIN_LARGE_EXPONENT
            ? scientific(digits, exponent)
            : shortest.abs().toPlainString() + (shortest.scale() <= 0 ? ".0" : ""));
  }

  private static String special(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0.0" : "0.0";
    }
    return number > 0 ? "inf" : "-inf";
  }

  /** The fewest digits that identify this double; {@code toString} may have one too many. */
  private static BigDecimal shortest(double number) {
    BigDecimal exact = new BigDecimal(number);
    for (int digits = 1; digits < MAX_DIGITS; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == number) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(MAX_DIGITS)).stripTrailingZeros();
  }

  private static String scientific(String digits, int exponent) {
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String magnitude = String.valueOf(Math.abs(exponent));
    String padded = magnitude.length() < 2 ? "0" + magnitude : magnitude;
    return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + padded;
  }
}
