package dev.caravan.pipeline.run;

import dev.caravan.pipeline.process.StopSignal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The attempts, and what comes before them, that are running in this process, so that they can be
 * stopped and waited for.
 */
final class RunningAttempts {

  /** What ending a tree, and writing down what there is, may take beyond an attempt's limit. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final Map<String, Long> deadlines = new HashMap<>();
  private final Map<String, StopSignal> attempts = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();
  private Optional<String> stopping = Optional.empty();
  private boolean ending;

  /** By this clock, which counts nanoseconds. */
  RunningAttempts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Notes an attempt that is about to run; it ends at once when a stop was ordered already. */
  synchronized void add(Attempt attempt) {
    String runId = attempt.task().run().id();
    add(runId, attempt.stop());
    attempt
        .launch()
        .map(launch -> nanoTime.getAsLong() + launch.limit().plus(SLACK).toNanos())
        .ifPresent(deadline -> deadlines.put(runId, deadline));
  }

  /** Notes work on a run that is about to begin; it ends at once when a stop was ordered. */
  synchronized void add(String runId, StopSignal stop) {
    attempts.put(runId, stop);
    if (ending) {
      stop.stop(stopping.orElse(""));
    }
  }

  synchronized void remove(Attempt attempt) {
    forget(attempt.task().run().id());
  }

  synchronized void forget(String runId) {
    attempts.remove(runId);
    deadlines.remove(runId);
    cancelled.remove(runId);
    notifyAll();
  }

  /**
   * The runs whose attempts should have ended more than a minute ago, so that something hangs that
   * no limit can end, such as a write to a dead network file system.
   */
  synchronized List<String> overdue() {
    long now = nanoTime.getAsLong();
    return deadlines.entrySet().stream()
        .filter(entry -> entry.getValue() - now < 0)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Why nothing is to be started any more; empty while all goes on. */
  synchronized Optional<String> stopping() {
    return stopping;
  }

  /** Ends one attempt for good; false when it is not running here. */
  boolean cancel(String runId, String message) {
    StopSignal running;
    synchronized (this) {
      running = attempts.get(runId);
      if (running == null) {
        return false;
      }
      cancelled.add(runId);
    }
    running.stop(message);
    return true;
  }

  /** Whether a person cancelled this run while it was running. */
  synchronized boolean isCancelled(String runId) {
    return cancelled.contains(runId);
  }

  /** Lets no other attempt start. */
  synchronized void drain(String message) {
    stopping = Optional.of(message);
  }

  /** Ends all attempts and lets no other start. */
  void stop(String message) {
    List<StopSignal> running;
    synchronized (this) {
      stopping = Optional.of(message);
      ending = true;
      running = List.copyOf(attempts.values());
    }
    running.forEach(stop -> stop.stop(message));
  }

  /** Ends all attempts, to be done again; others may start. */
  void interrupt(String message) {
    List<StopSignal> running;
    synchronized (this) {
      running = List.copyOf(attempts.values());
    }
    running.forEach(stop -> stop.stop(message));
  }

  /** Waits until no attempt is running, but not longer than this; whether it is so. */
  synchronized boolean awaitNone(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!attempts.isEmpty()) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
