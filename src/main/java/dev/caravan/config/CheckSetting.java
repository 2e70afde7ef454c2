package dev.caravan.config;

import java.util.Map;
import java.util.Optional;

/**
 * What a config sets about one check.
 *
 * @param isOff whether it is not asked
 * @param highest the worst level that it may give, such as {@code warning}
 * @param thresholds level to threshold, in place of the default ones
 */
public record CheckSetting(
    boolean isOff, Optional<String> highest, Map<String, Double> thresholds) {

  /** The check is not asked. */
  static final CheckSetting OFF = new CheckSetting(true, Optional.empty(), Map.of());

  public CheckSetting {
    thresholds = Map.copyOf(thresholds);
  }
}
