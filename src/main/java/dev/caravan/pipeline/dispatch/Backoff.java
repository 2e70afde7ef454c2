package dev.caravan.pipeline.dispatch;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to park a target that is not ready: exponential backoff with a cap and jitter. A long
 * outage costs few checks, its end is noticed soon, and several Caravans do not check in step.
 */
final class Backoff {

  private static final Duration CAP = Duration.ofSeconds(30);
  private static final double GROWTH = 1.5;
  private static final double JITTER = 0.1;

  private final DoubleSupplier random;

  /** A backoff whose jitter comes from {@code random}, in [0, 1). */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /**
   * The next pause.
   *
   * @param first the first pause of an outage; one above 30 s does not grow
   * @param previous how many pauses this outage has had
   */
  Duration pause(Duration first, int previous) {
    double cap = Math.max(first.toNanos(), CAP.toNanos());
    double grown = Math.min(first.toNanos() * Math.pow(GROWTH, previous), cap);
    double jitter = 1 + JITTER * (2 * random.getAsDouble() - 1);
    return Duration.ofNanos(Math.round(grown * jitter));
  }
}
