package dev.caravan.observe.http;

import java.util.function.Supplier;

/**
 * One named part of the daemon that is well or not.
 *
 * @param name such as {@code disk}
 * @param look finds out; must be quick
 */
public record HealthCheckResult(String name, Supplier<Finding> look) {

  /**
   * How it is.
   *
   * @param well whether the daemon can do its work as far as this part goes
   * @param message what was found, for people
   */
  public record Finding(boolean well, String message) {}
}
