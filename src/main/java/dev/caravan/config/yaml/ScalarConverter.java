package dev.caravan.config.yaml;

import dev.caravan.config.text.Durations;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Converts a scalar to the type of its key, from every lossless form that pydantic accepts: {@code
 * "4"}, {@code 4.0}, {@code "true"}, {@code 1} for true. Unlike with pydantic, a boolean is not a
 * number.
 */
public final class ScalarConverter {

  private static final int MAX_DIGITS = 40;

  /** Beyond this, a double may differ from the whole number that was written. */
  private static final double MAX_EXACT = 1L << 53;

  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+(?:_[0-9]+)*+(?:\\.0*)?");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]+(?:_[0-9]+)*+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
  private static final Set<String> TRUE = Set.of("1", "on", "t", "true", "y", "yes");
  private static final Set<String> FALSE = Set.of("0", "off", "f", "false", "n", "no");

  private ScalarConverter() {}

  /** As a whole number; empty if it is not one or does not fit a Long. */
  public static Optional<Long> integer(Scalar scalar) {
    Object value = scalar.value().orElse("");
    if (value instanceof BigInteger number) {
      return asLong(number);
    }
    if (value instanceof Double number) {
      return number == Math.rint(number) && Math.abs(number) <= MAX_EXACT
          ? Optional.of(number.longValue())
          : Optional.empty();
    }
    return matching(value, WHOLE).flatMap(text -> asLong(new BigInteger(withoutFraction(text))));
  }

  /** As a finite number; empty if it is not one. */
  public static Optional<Double> number(Scalar scalar) {
    Object value = scalar.value().orElse("");
    Optional<Double> number =
        value instanceof Number numeric
            ? Optional.of(numeric.doubleValue())
            : matching(value, NUMBER).map(Double::valueOf);
    return number.filter(Double::isFinite);
  }

  /** As a boolean; empty if it is not one. */
  public static Optional<Boolean> bool(Scalar scalar) {
    Object value = scalar.value().orElse("");
    if (value instanceof Boolean bool) {
      return Optional.of(bool);
    }
    String text =
        value instanceof Double number && number == Math.rint(number)
            ? String.valueOf(number.longValue())
            : value.toString().toLowerCase(Locale.ROOT);
    if (TRUE.contains(text)) {
      return Optional.of(true);
    }
    return FALSE.contains(text) ? Optional.of(false) : Optional.empty();
  }

  /** As a duration; empty if it is not one. */
  public static Optional<Duration> duration(Scalar scalar) {
    return scalar.isString() ? Durations.tryParse(scalar.raw()) : Optional.empty();
  }

  private static Optional<String> matching(Object value, Pattern pattern) {
    return value instanceof String text
            && text.length() <= MAX_DIGITS
            && pattern.matcher(text.strip()).matches()
        ? Optional.of(text.strip().replace("_", ""))
        : Optional.empty();
  }

  private static String withoutFraction(String digits) {
    int point = digits.indexOf('.');
    return point < 0 ? digits : digits.substring(0, point);
  }

  private static Optional<Long> asLong(BigInteger integer) {
    return integer.bitLength() < Long.SIZE ? Optional.of(integer.longValue()) : Optional.empty();
  }
}
