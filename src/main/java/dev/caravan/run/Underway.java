package dev.caravan.run;

import dev.caravan.exec.StopSignal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The attempts, and what comes before them, that are running in this process, so that they can be
 * stopped and waited for.
 */
final class Underway {

  private final Map<String, StopSignal> attempts = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();
  private Optional<String> stopping = Optional.empty();
  private boolean ending;

  /** Notes an attempt that is about to run; it ends at once when a stop was ordered already. */
  void add(Attempt attempt) {
    add(attempt.task().run().id(), attempt.stop());
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
    cancelled.remove(runId);
    notifyAll();
  }

  /** Why nothing is to be started any more; empty while all goes on. */
  synchronized Optional<String> stopping() {
    return stopping;
  }

  /** Ends one attempt for good; false when it is not running here. */
  boolean cancel(String runId, String words) {
    StopSignal running;
    synchronized (this) {
      running = attempts.get(runId);
      if (running == null) {
        return false;
      }
      cancelled.add(runId);
    }
    running.stop(words);
    return true;
  }

  /** Whether a person cancelled this run while it was running. */
  synchronized boolean isCancelled(String runId) {
    return cancelled.contains(runId);
  }

  /** Lets no other attempt start. */
  synchronized void drain(String words) {
    stopping = Optional.of(words);
  }

  /** Ends all attempts and lets no other start. */
  void stop(String words) {
    List<StopSignal> running;
    synchronized (this) {
      stopping = Optional.of(words);
      ending = true;
      running = List.copyOf(attempts.values());
    }
    running.forEach(stop -> stop.stop(words));
  }

  /** Ends all attempts, to be done again; others may start. */
  void interrupt(String words) {
    List<StopSignal> running;
    synchronized (this) {
      running = List.copyOf(attempts.values());
    }
    running.forEach(stop -> stop.stop(words));
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
