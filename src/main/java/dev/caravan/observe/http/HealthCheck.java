package dev.caravan.observe.http;

import java.util.function.Supplier;

/**
 * A health check of one part of the daemon.
 *
 * @param name such as {@code disk}
 * @param check performs the check; must be quick
 */
public record HealthCheck(String name, Supplier<Result> check) {

  /**
   * The result of a check.
   *
   * @param healthy whether this part lets the daemon do its work
   * @param message the reason, or details
   */
  public record Result(boolean healthy, String message) {}

  /** Performs the check. */
  public Result run() {
    return check.get();
  }
}
