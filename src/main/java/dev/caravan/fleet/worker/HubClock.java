package dev.caravan.fleet.worker;

import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns once when the clock of this host differs from the hub's. Nothing waits for a clock, but the
 * times of results from several hosts are then not comparable. Thread-safe.
 */
public final class HubClock {

  private static final Logger LOG = LoggerFactory.getLogger(HubClock.class);
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  /** One message that was long under way says nothing of clocks. */
  private static final int HEARTBEATS = 3;

  private final LongSupplier millis;
  private int differing;

  /** Compares with {@code millis}, the clock of this host. */
  public HubClock(LongSupplier millis) {
    this.millis = millis;
  }

  /** A heartbeat has come that the hub sent at this time by its clock. */
  public synchronized void heard(long sentMillis) {
    Duration ahead = Duration.ofMillis(millis.getAsLong() - sentMillis);
    differing = ahead.abs().compareTo(TOLERANCE) > 0 ? differing + 1 : 0;
    if (differing == HEARTBEATS) {
      LOG.warn(
          "The clock of this host is {} {} the hub's: times of results do not fit together",
          Durations.format(Duration.ofSeconds(ahead.abs().toSeconds())),
          ahead.isNegative() ? "behind" : "ahead of");
    }
  }
}
