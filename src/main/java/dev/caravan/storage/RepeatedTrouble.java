package dev.caravan.storage;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers failures that may last, by what they concern: whether one is new, so that it is logged
 * once until it changes, and whether the next try is due. The first retry is immediate; the
 * following ones wait from one second, doubling, to a minute. Thread-safe.
 */
public final class RepeatedTrouble {

  private static final long FIRST_WAIT = Duration.ofSeconds(1).toNanos();
  private static final int MAX_DOUBLINGS = 6;
  private static final long MAX_WAIT = Duration.ofMinutes(1).toNanos();

  /** What is not repeated for this long is over; it is new when it comes again. */
  private static final long OVER = Duration.ofMinutes(10).toNanos();

  private static final int MAX_THINGS = 10_000;

  private record Trouble(String message, int times, long lastNanos) {}

  private final LongSupplier nanoTime;
  private final Map<String, Trouble> troubles =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Trouble> eldest) {
          return size() > MAX_THINGS;
        }
      };

  /** No trouble yet; {@code nanoTime} is a monotonic clock. */
  public RepeatedTrouble(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Adds trouble with a thing; returns whether it is new or has changed. */
  public synchronized boolean add(String thing, String message) {
    long now = nanoTime.getAsLong();
    Trouble before = troubles.get(thing);
    boolean same =
        before != null && before.message().equals(message) && now - before.lastNanos() < OVER;
    troubles.put(thing, new Trouble(message, same ? before.times() + 1 : 1, now));
    return !same;
  }

  /** Whether this thing may be tried now: it has no trouble, or the wait is over. */
  public synchronized boolean isDue(String thing) {
    Trouble trouble = troubles.get(thing);
    return trouble == null || nanoTime.getAsLong() - trouble.lastNanos() >= waitAfter(trouble);
  }

  /** How long this thing waits for its next try. */
  public synchronized Duration pause(String thing) {
    Trouble trouble = troubles.get(thing);
    return trouble == null ? Duration.ZERO : Duration.ofNanos(waitAfter(trouble));
  }

  private static long waitAfter(Trouble trouble) {
    int doublings = Math.min(trouble.times() - 2, MAX_DOUBLINGS);
    return doublings < 0 ? 0 : Math.min(FIRST_WAIT << doublings, MAX_WAIT);
  }

  /** Ends the trouble with a thing; returns whether there was any. */
  public synchronized boolean over(String thing) {
    return troubles.remove(thing) != null;
  }

  /** The trouble added last, if any is left that was added in the last two minutes. */
  public synchronized Optional<String> latest() {
    long now = nanoTime.getAsLong();
    return troubles.values().stream()
        .filter(trouble -> now - trouble.lastNanos() <= 2 * MAX_WAIT)
        .map(Trouble::message)
        .reduce((earlier, later) -> later);
  }
}
