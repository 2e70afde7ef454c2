package dev.caravan.pipeline.dispatch;

import dev.caravan.config.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which batch holds each target in a round of releases, and which of these targets other batches
 * wait for. Not thread-safe: {@link Dispatch} guards it.
 */
final class TakenTargets {

  private final TargetStates targets;
  private final Map<Target, String> taken = new HashMap<>();
  private final Map<String, String> waitedFor = new TreeMap<>();

  TakenTargets(TargetStates targets) {
    this.targets = targets;
  }

  /** Begins a round. */
  void clear() {
    taken.clear();
    waitedFor.clear();
  }

  /** The batch of this queue waits for its target: no later one overtakes. */
  void take(TargetQueue queue) {
    taken.put(queue.target(), queue.batch().batch().id());
  }

  /** Whether a run is in flight on the target of this queue, or an earlier batch waits for it. */
  boolean isTaken(TargetQueue queue) {
    Optional<String> holder =
        Optional.ofNullable(taken.get(queue.target()))
            .or(() -> targets.inFlight(queue.target()).map(run -> batch(run.order().runId())));
    holder
        .filter(id -> !id.equals(queue.batch().batch().id()))
        .ifPresent(id -> waitedFor.put(queue.target().toString(), id));
    return holder.isPresent();
  }

  private static String batch(String run) {
    return run.substring(0, Math.max(0, run.lastIndexOf('/')));
  }

  /** The targets that a batch waits for while another has them, and which one has. */
  Map<String, String> waitedFor() {
    return Map.copyOf(waitedFor);
  }
}
