package dev.caravan.pipeline.run;

import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.process.StopSignal;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The run orders that are being executed in this process, from receipt to report, with what is
 * running for them, so that they can be stopped and awaited. That includes an order between two
 * steps, when nothing is running for it. Runs are identified by the key of their order, since
 * batches in different output folders may share an id. Thread-safe.
 */
final class RunningAttempts {

  /** How long ending a process tree and writing the result may take beyond an attempt's limit. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /** When work on a run should have ended, by the monotonic clock. */
  private record Deadline(RunOrder order, long nanos) {}

  private final LongSupplier nanoTime;
  private final Map<String, Deadline> deadlines = new HashMap<>();
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

  /** An order was received. */
  synchronized void begin(RunOrder order) {
    orders.merge(order.runKey(), 1, Integer::sum);
  }

  /** An order is answered. */
  synchronized void end(RunOrder order) {
    String run = order.runKey();
    if (orders.computeIfPresent(run, (key, count) -> count > 1 ? count - 1 : null) == null) {
      interrupted.remove(run);
      notifyAll();
    }
  }

  /** Why nothing more may start for this order; empty while it may. */
  synchronized Optional<String> obstacle(RunOrder order) {
    return stopping.or(() -> Optional.ofNullable(interrupted.get(order.runKey())));
  }

  /** Adds an attempt that is about to run; after a stop, it is stopped immediately. */
  synchronized void add(Attempt attempt) {
    RunOrder order = attempt.task().order();
    add(order, attempt.stop());
    attempt.launch().ifPresent(launch -> limit(order, launch.limit()));
  }

  /** The signal for work on a run that follows its attempt and has a limit of its own. */
  synchronized StopSignal next(RunOrder order, Duration limit) {
    StopSignal stop = new StopSignal();
    limit(order, limit);
    add(order, stop);
    return stop;
  }

  private void limit(RunOrder order, Duration limit) {
    long end = nanoTime.getAsLong() + limit.plus(GRACE).toNanos();
    deadlines.put(order.runKey(), new Deadline(order, end));
  }

  /** Adds work on a run that is about to begin; after a stop, it is stopped immediately. */
  synchronized void add(RunOrder order, StopSignal stop) {
    attempts.put(order.runKey(), stop);
    if (stopAll || interrupted.containsKey(order.runKey())) {
      stop.stop(obstacle(order).orElse(""));
    }
  }

  synchronized void remove(Attempt attempt) {
    remove(attempt.task().order());
  }

  synchronized void remove(RunOrder order) {
    attempts.remove(order.runKey());
    deadlines.remove(order.runKey());
    cancelled.remove(order.runKey());
    notifyAll();
  }

  /**
   * The orders whose attempts should have ended more than a minute ago: something hangs that no
   * limit can end, such as a write to a dead network file system.
   */
  synchronized List<RunOrder> overdue() {
    long now = nanoTime.getAsLong();
    return deadlines.values().stream()
        .filter(deadline -> deadline.nanos() - now < 0)
        .map(Deadline::order)
        .sorted(Comparator.comparing(RunOrder::runId).thenComparing(RunOrder::runKey))
        .toList();
  }

  /** Cancels an attempt; false when it is not running here. */
  boolean cancel(RunOrder order, String message) {
    StopSignal running;
    synchronized (this) {
      running = attempts.get(order.runKey());
      if (running == null) {
        return false;
      }
      cancelled.add(order.runKey());
    }
    running.stop(message);
    return true;
  }

  /** Whether this run was cancelled while it was running. */
  synchronized boolean isCancelled(RunOrder order) {
    return cancelled.contains(order.runKey());
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

  /**
   * Stops what is running, and the orders that have been received; later ones are executed. Returns
   * whether there are any.
   */
  boolean interrupt(String message) {
    List<StopSignal> running;
    boolean any;
    synchronized (this) {
      any = !orders.isEmpty() || !attempts.isEmpty();
      orders.keySet().forEach(run -> interrupted.put(run, message));
      running = List.copyOf(attempts.values());
    }
    running.forEach(stop -> stop.stop(message));
    return any;
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
