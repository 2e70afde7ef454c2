package dev.caravan.tools.simulator;

import dev.caravan.config.text.Durations;
import java.time.Duration;

/** Range checks of options; each throws {@link IllegalArgumentException} naming the option. */
final class RangeChecks {

  private static final Duration LONGEST = Duration.ofDays(1);

  private RangeChecks() {}

  static void range(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + " must be from " + plain(least) + " to " + plain(most) + ", not " + plain(value));
    }
  }

  static void range(String name, Duration value) {
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
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
