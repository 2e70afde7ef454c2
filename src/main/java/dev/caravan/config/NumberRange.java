package dev.caravan.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The limits of a number.
 *
 * @param least lower limit, if there is one
 * @param leastExcluded whether the lower limit itself is outside
 * @param most upper limit, itself inside, if there is one
 */
public record NumberRange(
    Optional<BigDecimal> least, boolean leastExcluded, Optional<BigDecimal> most) {

  /** No limits. */
  public static final NumberRange NONE = new NumberRange(Optional.empty(), false, Optional.empty());

  /** {@code least} or more. */
  static NumberRange from(long least) {
    return new NumberRange(Optional.of(BigDecimal.valueOf(least)), false, Optional.empty());
  }

  /** Limits written as {@code >=0}, {@code >0} or {@code >0,<=1}. */
  static NumberRange of(String text) {
    NumberRange bounds = NONE;
    for (String part : text.split(",")) {
      BigDecimal limit = new BigDecimal(part.replaceAll("[<>=]", ""));
      bounds =
          part.startsWith("<=")
              ? new NumberRange(bounds.least, bounds.leastExcluded, Optional.of(limit))
              : new NumberRange(Optional.of(limit), !part.startsWith(">="), bounds.most);
    }
    return bounds;
  }

  /** Whether this number is inside. */
  boolean hold(Number number) {
    BigDecimal value = new BigDecimal(number.toString());
    return least.map(l -> value.compareTo(l) >= (leastExcluded ? 1 : 0)).orElse(true)
        && most.map(m -> value.compareTo(m) <= 0).orElse(true);
  }

  /** In words, such as {@code , more than 0 and at most 1}; empty without limits. */
  String text() {
    List<String> words = new ArrayList<>();
    least.ifPresent(l -> words.add(leastExcluded ? "more than " + l : l + " or more"));
    most.ifPresent(m -> words.add("at most " + m));
    return words.isEmpty() ? "" : ", " + String.join(" and ", words);
  }
}
