package dev.caravan.tools.simulator;

import java.util.concurrent.TimeUnit;

/** Gets slower and slower, as a service does that heats up or whose cache fills. */
final class Drift implements Behavior {

  /** After this time it is slower by the fraction, and so on. */
  private static final double PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final double fraction;

  Drift(double fraction) {
    this.fraction = fraction;
  }

  @Override
  public long ttftNanos(Usage usage, long elapsed, long nanos) {
    return itlNanos(elapsed, nanos);
  }

  @Override
  public long itlNanos(long elapsed, long nanos) {
    return (long) (nanos * (1 + fraction * elapsed / PERIOD_NANOS));
  }
}
