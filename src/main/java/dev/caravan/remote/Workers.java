package dev.caravan.remote;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers that were heard of lately. Threadsafe. */
public final class Workers {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  private record Seen(Heartbeat last, long nanos) {}

  private final Duration silence;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new HashMap<>();

  /**
   * None yet.
   *
   * @param silence after which a worker counts as gone
   * @param nanoTime the monotonic clock
   */
  public Workers(Duration silence, LongSupplier nanoTime) {
    this.silence = silence;
    this.nanoTime = nanoTime;
  }

  synchronized void heard(Heartbeat beat) {
    boolean known = seen.containsKey(beat.worker());
    if (beat.leaving()) {
      seen.remove(beat.worker());
      LOG.info("Worker {} on {} left", beat.worker(), beat.host());
      return;
    }
    seen.put(beat.worker(), new Seen(beat, nanoTime.getAsLong()));
    if (!known) {
      LOG.info(
          "Worker {} on {} joined: {} at once, pools {}, aiperf {}",
          beat.worker(),
          beat.host(),
          beat.slots(),
          beat.pools(),
          beat.aiperf().isEmpty() ? "none" : beat.aiperf());
    }
  }

  /** How many runs of this pool the workers can execute at once. */
  public synchronized int slots(String pool) {
    forgetSilent();
    return seen.values().stream()
        .map(Seen::last)
        .filter(beat -> beat.pools().contains(pool) && !beat.aiperf().isEmpty())
        .mapToInt(Heartbeat::slots)
        .sum();
  }

  private void forgetSilent() {
    long now = nanoTime.getAsLong();
    seen.values()
        .removeIf(
            worker -> {
              boolean silent = now - worker.nanos() > silence.toNanos();
              if (silent) {
                LOG.warn("Worker {} on {} is silent", worker.last().worker(), worker.last().host());
              }
              return silent;
            });
  }
}
