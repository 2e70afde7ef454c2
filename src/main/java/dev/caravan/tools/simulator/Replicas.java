package dev.caravan.tools.simulator;

import java.time.Clock;
import java.time.Instant;

/** The processes behind the simulated service, each with its own start; they take turns. */
final class Replicas {

  /** One after another is started, and a restart takes time. */
  private static final long SECONDS_APART = 7;

  private final int count;
  private final Clock clock;
  private Instant startedAt;
  private long asked;

  Replicas(int count, Clock clock) {
    this.count = count;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /** When the process that is next in turn was started. */
  Instant next() {
    return startedAt.minusSeconds(asked++ % count * SECONDS_APART);
  }

  /** All processes restart. */
  void restart() {
    startedAt = clock.instant();
  }
}
