package dev.caravan.app;

import dev.caravan.config.text.Durations;
import dev.caravan.pipeline.target.Readiness;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Waits for a target to become ready. Says so once, then at most once a minute, and a last time
 * when it gives up: a night of waiting must not fill the log.
 */
final class TargetWait {

  private static final long LINE_NANOS = Duration.ofMinutes(1).toNanos();

  /** Waits until the next probe. */
  @FunctionalInterface
  interface Pause {
    /** Waits this long; returns whether the wait was interrupted by the user. */
    boolean interrupted(Duration time) throws InterruptedException;
  }

  private final String url;
  private final Duration interval;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Consumer<String> log;

  /**
   * A wait for one target.
   *
   * @param url the target as the config names it
   * @param interval time between two probes
   * @param patience how long to wait
   */
  TargetWait(
      String url,
      Duration interval,
      Duration patience,
      LongSupplier nanoTime,
      Consumer<String> log) {
    this.url = url;
    this.interval = interval;
    this.patience = patience;
    this.nanoTime = nanoTime;
    this.log = log;
  }

  /** Probes until the target is ready; false when the patience is over or the user interrupts. */
  boolean untilReady(Supplier<Readiness> probe, Pause pause) throws InterruptedException {
    long start = nanoTime.getAsLong();
    long nextLine = start;
    while (true) {
      Readiness found = probe.get();
      if (found.ready()) {
        return true;
      }
      long now = nanoTime.getAsLong();
      boolean isOver = now - start >= patience.toNanos();
      if (isOver) {
        log.accept(url + " is not ready: " + found.message());
        return false;
      }
      if (now - nextLine >= 0) {
        Duration left = Duration.ofSeconds(patience.minusNanos(now - start).toSeconds());
        log.accept(url + " is not ready: " + found.message() + waiting(left));
        nextLine = now + LINE_NANOS;
      }
      if (pause.interrupted(interval)) {
        return false;
      }
    }
  }

  private String waiting(Duration left) {
    return "; waiting up to %s more, probing every %s"
        .formatted(Durations.format(left), Durations.format(interval));
  }
}
