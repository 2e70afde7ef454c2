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

  private final WorkerNews news;
  private final Duration silence;
  private final LongSupplier nanoTime;
  private final Map<String, Seen> seen = new HashMap<>();

  /**
   * None yet.
   *
   * @param silence after which a worker counts as gone
   * @param nanoTime the monotonic clock
   * @param news is told who comes and goes
   */
  public Workers(Duration silence, LongSupplier nanoTime, WorkerNews news) {
    this.news = news;
    this.silence = silence;
    this.nanoTime = nanoTime;
  }

  synchronized void heard(Heartbeat beat) {
    boolean known = seen.containsKey(beat.worker());
    if (beat.leaving()) {
      if (seen.remove(beat.worker()) != null) {
        LOG.info("Worker {} on {} left", beat.worker(), beat.host());
        news.lost(beat.worker(), "it was stopped");
      }
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
      news.joined(beat.worker(), beat.pools());
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

  /** Forgets those that are silent. */
  synchronized void forgetSilent() {
    long now = nanoTime.getAsLong();
    seen.values()
        .removeIf(
            worker -> {
              boolean silent = now - worker.nanos() > silence.toNanos();
              if (silent) {
                LOG.warn("Worker {} on {} is silent", worker.last().worker(), worker.last().host());
                news.lost(worker.last().worker(), "it is silent");
              }
              return silent;
            });
  }
}
