package dev.caravan.pipeline.dispatch;

import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.target.Target;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** What is known of targets: which run is under way there, and until when it is left alone. */
final class TargetStates {

  /**
   * An order that was sent and not answered yet.
   *
   * @param sentNanos when, by the monotonic clock
   */
  record Flight(RunOrder order, String pool, OffsetDateTime since, long sentNanos) {}

  /** A target that is left alone, the words it was left for, and since when it is so. */
  record Parked(Target target, String message, OffsetDateTime since, long untilNanos) {}

  private final LongSupplier nanoTime;
  private final Map<Target, Flight> inFlight = new HashMap<>();
  private final Map<Target, Parked> parked = new HashMap<>();
  private final Set<Target> paused = new HashSet<>();

  TargetStates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  boolean inFlight(Target target) {
    return inFlight.containsKey(target);
  }

  long countInFlight(String pool) {
    return inFlight.values().stream().filter(flight -> flight.pool().equals(pool)).count();
  }

  Collection<Flight> flights() {
    return List.copyOf(inFlight.values());
  }

  Collection<Parked> parked() {
    return List.copyOf(parked.values());
  }

  /** A run was sent there. */
  void release(Target target, String pool, RunOrder order) {
    inFlight.put(target, new Flight(order, pool, OffsetDateTime.now(), nanoTime.getAsLong()));
  }

  /** The run there was answered: its order; empty when it was another one, or none. */
  Optional<RunOrder> answered(Target target, String runId) {
    Optional<RunOrder> order =
        Optional.ofNullable(inFlight.get(target))
            .map(Flight::order)
            .filter(sent -> sent.runId().equals(runId));
    order.ifPresent(sent -> inFlight.remove(target));
    return order;
  }

  /** Whether nothing may be sent there now: it is parked, or paused by a person. */
  boolean heldBack(Target target) {
    Parked left = parked.get(target);
    return paused.contains(target) || left != null && left.untilNanos() - nanoTime.getAsLong() > 0;
  }

  void park(Target target, String message, long untilNanos) {
    OffsetDateTime since =
        Optional.ofNullable(parked.get(target)).map(Parked::since).orElseGet(OffsetDateTime::now);
    parked.put(target, new Parked(target, message, since, untilNanos));
  }

  void unpark(Target target) {
    parked.remove(target);
  }

  /** Holds the targets of these urls back, and no others. */
  void pause(Set<String> all) {
    paused.clear();
    all.stream().map(Target::of).forEach(paused::add);
  }
}
