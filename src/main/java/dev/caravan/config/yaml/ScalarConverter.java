package dev.caravan.config.yaml;

import dev.caravan.config.text.Durations;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns a scalar into the type that a key wants, in every form that loses nothing and that pydantic
 * took: {@code "4"}, {@code 4.0}, {@code "true"}, {@code 1} for true. A boolean is no number here,
 * though pydantic made it 1.
 */
public final class ScalarConverter {

  private static final int MAX_DIGITS = 40;

  /** Whole doubles beyond this are not the number that was written. */
  private static final double EXACT = 1L << 53;

  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+(?:_[0-9]+)*(?:\\.0*)?");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]+(?:_[0-9]+)*(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
  private static final Set<String> TRUE = Set.of("1", "on", "t", "true", "y", "yes");
  private static final Set<String> FALSE = Set.of("0", "off", "f", "false", "n", "no");

  private ScalarConverter() {}

  /** As a whole number; empty when it is none, or none that a Long holds. */
  public static Optional<Long> whole(Scalar scalar) {
    Object value = scalar.value().orElse("");
    if (value instanceof BigInteger integer) {
      return fitting(integer);
    }
    if (value instanceof Double number) {
      return number == Math.rint(number) && Math.abs(number) <= EXACT
          ? Optional.of(number.longValue())
          : Optional.empty();
    }
    return matching(value, WHOLE)
        .flatMap(text -> fitting(new BigInteger(text.replaceFirst("\\.0*$", ""))));
  }

  /** As a finite number; empty when it is none. */
  public static Optional<Double> number(Scalar scalar) {
    Object value = scalar.value().orElse("");
    Optional<Double> number =
        value instanceof Number given
            ? Optional.of(given.doubleValue())
            : matching(value, NUMBER).map(Double::valueOf);
    return number.filter(Double::isFinite);
  }

  /** As a boolean; empty when it is none. */
  public static Optional<Boolean> truth(Scalar scalar) {
    Object value = scalar.value().orElse("");
    if (value instanceof Boolean given) {
      return Optional.of(given);
    }
    String word =
        value instanceof Double number && number == Math.rint(number)
            ? String.valueOf(number.longValue())
            : value.toString().toLowerCase(Locale.ROOT);
    if (TRUE.contains(word)) {
      return Optional.of(true);
    }
    return FALSE.contains(word) ? Optional.of(false) : Optional.empty();
  }

  /** As a duration; empty when it is none. */
  public static Optional<Duration> duration(Scalar scalar) {
    return scalar.isText() ? Durations.find(scalar.raw()) : Optional.empty();
  }

  private static Optional<String> matching(Object value, Pattern pattern) {
    return value instanceof String text
            && text.length() <= MAX_DIGITS
            && pattern.matcher(text.strip()).matches()
        ? Optional.of(text.strip().replace("_", ""))
        : Optional.empty();
  }

  private static Optional<Long> fitting(BigInteger integer) {
    return integer.bitLength() < Long.SIZE ? Optional.of(integer.longValue()) : Optional.empty();
  }
}
