package dev.caravan.tools.simulator;

import dev.caravan.config.text.Durations;
import java.time.Duration;

/** Range checks of options; they throw {@link IllegalArgumentException} naming the option. */
final class RangeChecks {

  private static final Duration MAX_DURATION = Duration.ofDays(1);

  private RangeChecks() {}

  static void requireInRange(String name, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          name + " must be from " + plain(min) + " to " + plain(max) + ", not " + plain(value));
    }
  }

  static void requireInRange(String name, Duration value) {
    if (value.isNegative() || value.compareTo(MAX_DURATION) > 0) {
      throw new IllegalArgumentException(
          name + " must be from 0s to 24h, not " + Durations.format(value));
    }
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }
}
