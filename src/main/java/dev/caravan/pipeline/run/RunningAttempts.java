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
 * The run orders that are being executed in this process, from their receipt to their report, and
 * what is running for them, so that they can be stopped and waited for. An order is waited for, and
 * a stop concerns it, also between two steps, when nothing of it is running. Thread-safe.
 */
final class RunningAttempts {

  /** How long ending a process tree and writing the result may take beyond an attempt's limit. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final Map<String, Long> deadlines = new HashMap<>();
  private final Map<String, StopSignal> attempts = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();

  /** How many orders for each run: one may be delivered again while it is being executed. */
  private final Map<String, Integer> orders = new HashMap<>();

  private final Map<String, String> interrupted = new HashMap<>();
  private Optional<String> stopping = Optional.empty();
  private boolean stopAll;

  /** No attempts yet; {@code nanoTime} is a monotonic clock. */
  RunningAttempts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** An order for this run was received. */
  synchronized void begin(String runId) {
    orders.merge(runId, 1, Integer::sum);
  }

  /** An order for this run is answered. */
  synchronized void end(String runId) {
    if (orders.computeIfPresent(runId, (id, count) -> count > 1 ? count - 1 : null) == null) {
      interrupted.remove(runId);
      notifyAll();
    }
  }

  /** Why nothing more may start for an order of this run; empty while it may. */
  synchronized Optional<String> obstacle(String runId) {
    return stopping.or(() -> Optional.ofNullable(interrupted.get(runId)));
  }

  /** Adds an attempt that is about to run; after a stop, it is stopped immediately. */
  synchronized void add(Attempt attempt) {
    String runId = attempt.task().run().id();
    add(runId, attempt.stop());
    attempt
        .launch()
        .map(launch -> nanoTime.getAsLong() + launch.limit().plus(GRACE).toNanos())
        .ifPresent(deadline -> deadlines.put(runId, deadline));
  }

  /** The signal for work on a run that follows its attempt and has a limit of its own. */
  synchronized StopSignal next(String runId, Duration limit) {
    StopSignal stop = new StopSignal();
    deadlines.put(runId, nanoTime.getAsLong() + limit.plus(GRACE).toNanos());
    add(runId, stop);
    return stop;
  }

  /** Adds work on a run that is about to begin; after a stop, it is stopped immediately. */
  synchronized void add(String runId, StopSignal stop) {
    attempts.put(runId, stop);
    if (stopAll || interrupted.containsKey(runId)) {
      stop.stop(obstacle(runId).orElse(""));
    }
  }

  synchronized void remove(Attempt attempt) {
    remove(attempt.task().run().id());
  }

  synchronized void remove(String runId) {
    attempts.remove(runId);
    deadlines.remove(runId);
    cancelled.remove(runId);
    notifyAll();
  }

  /**
   * Ids of the runs whose attempts should have ended more than a minute ago: something hangs that
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

  /** Cancels an attempt; false when it is not running here. */
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

  /** Whether this run was cancelled while it was running. */
  synchronized boolean isCancelled(String runId) {
    return cancelled.contains(runId);
  }

  /** Prevents further attempts from starting. */
  synchronized void drain(String message) {
    stopping = Optional.of(message);
  }

  /** Stops all attempts and prevents further ones from starting. */
  void stop(String message) {
    List<StopSignal> running;
    synchronized (this) {
      stopping = Optional.of(message);
      stopAll = true;
      running = List.copyOf(attempts.values());
    }
    running.forEach(stop -> stop.stop(message));
  }

  /** Stops what is running, and the orders that have been received; later ones are executed. */
  void interrupt(String message) {
    List<StopSignal> running;
    synchronized (this) {
      orders.keySet().forEach(run -> interrupted.put(run, message));
      running = List.copyOf(attempts.values());
    }
    running.forEach(stop -> stop.stop(message));
  }

  /** Waits until no order is being executed; false when the timeout passed first. */
  synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!attempts.isEmpty() || !orders.isEmpty()) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }
}
