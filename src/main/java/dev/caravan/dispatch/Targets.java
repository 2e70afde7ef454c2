package dev.caravan.dispatch;

import dev.caravan.health.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** What is known of targets: which run is under way there, and until when it is left alone. */
final class Targets {

  private final LongSupplier nanoTime;
  private final Map<Target, String> inFlight = new HashMap<>();
  private final Map<Target, Long> parkedUntil = new HashMap<>();
  private final Set<Target> paused = new HashSet<>();

  Targets(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  boolean inFlight(Target target) {
    return inFlight.containsKey(target);
  }

  int countInFlight() {
    return inFlight.size();
  }

  /** A run was sent there. */
  void release(Target target, String runId) {
    inFlight.put(target, runId);
  }

  /** The run there was answered; false when it was another one, or none. */
  boolean answered(Target target, String runId) {
    return inFlight.remove(target, runId);
  }

  /** Whether nothing may be sent there now: it is parked, or paused by a person. */
  boolean heldBack(Target target) {
    Long until = parkedUntil.get(target);
    return paused.contains(target) || until != null && until - nanoTime.getAsLong() > 0;
  }

  void park(Target target, long untilNanos) {
    parkedUntil.put(target, untilNanos);
  }

  void unpark(Target target) {
    parkedUntil.remove(target);
  }

  void pause(Target target, boolean hold) {
    if (hold) {
      paused.add(target);
    } else {
      paused.remove(target);
    }
  }
}
