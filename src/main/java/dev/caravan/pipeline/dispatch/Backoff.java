package dev.caravan.pipeline.dispatch;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long a target that is not ready is left alone: longer each time, so that a long outage costs
 * few tries, but never so long that its end is missed by much; and a little irregular, so that many
 * Caravans do not all ask at the same moment.
 */
final class Backoff {

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final double GROWTH = 1.5;
  private static final double JITTER = 0.1;

  private final DoubleSupplier random;

  /** Pauses with chance from {@code random}, in [0, 1). */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /**
   * The next pause.
   *
   * @param first the first one of an outage; one above 30 s stays as it is
   * @param before how many there have been in this outage
   */
  Duration next(Duration first, int before) {
    double most = Math.max(first.toNanos(), LONGEST.toNanos());
    double grown = Math.min(first.toNanos() * Math.pow(GROWTH, before), most);
    double irregular = 1 + JITTER * (2 * random.getAsDouble() - 1);
    return Duration.ofNanos(Math.round(grown * irregular));
  }
}
