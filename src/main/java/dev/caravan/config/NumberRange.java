package dev.caravan.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The range of a number.
 *
 * @param min lower limit, if there is one
 * @param minExclusive whether the lower limit itself is excluded
 * @param max inclusive upper limit, if there is one
 */
public record NumberRange(
    Optional<BigDecimal> min, boolean minExclusive, Optional<BigDecimal> max) {

  /** No limits. */
  public static final NumberRange NONE = new NumberRange(Optional.empty(), false, Optional.empty());

  /** {@code min} or more. */
  static NumberRange atLeast(long min) {
    return new NumberRange(Optional.of(BigDecimal.valueOf(min)), false, Optional.empty());
  }

  /** Parses {@code >=0}, {@code >0} or {@code >0,<=1}. */
  static NumberRange parse(String text) {
    NumberRange range = NONE;
    for (String part : text.split(",")) {
      BigDecimal limit = new BigDecimal(part.replaceAll("[<>=]", ""));
      range =
          part.startsWith("<=")
              ? new NumberRange(range.min, range.minExclusive, Optional.of(limit))
              : new NumberRange(Optional.of(limit), !part.startsWith(">="), range.max);
    }
    return range;
  }

  /** Whether this number is in the range. */
  boolean contains(Number number) {
    BigDecimal value = new BigDecimal(number.toString());
    return min.map(l -> value.compareTo(l) >= (minExclusive ? 1 : 0)).orElse(true)
        && max.map(m -> value.compareTo(m) <= 0).orElse(true);
  }

  /** For messages, such as {@code , more than 0 and at most 1}; empty without limits. */
  String describe() {
    List<String> limits = new ArrayList<>();
    min.ifPresent(l -> limits.add(minExclusive ? "more than " + l : l + " or more"));
    max.ifPresent(m -> limits.add("at most " + m));
    return limits.isEmpty() ? "" : ", " + String.join(" and ", limits);
  }
}
