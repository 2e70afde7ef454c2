package dev.caravan.pipeline.dispatch;

import dev.caravan.config.Target;
import dev.caravan.model.RunOrder;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** The state of each target: which run is in flight there, and whether it is parked or paused. */
final class TargetStates {

  /**
   * A run order that was sent and has no report yet.
   *
   * @param sentNanos when, by the monotonic clock
   */
  record InFlight(RunOrder order, String pool, OffsetDateTime since, long sentNanos) {}

  /**
   * A parked target.
   *
   * @param message why it is parked
   * @param since when it was parked first in this outage
   * @param asked when it was asked last
   * @param untilNanos when to try it again, by the monotonic clock
   */
  record Parked(
      Target target, String message, OffsetDateTime since, OffsetDateTime asked, long untilNanos) {}

  private final LongSupplier nanoTime;
  private final Map<Target, InFlight> inFlight = new HashMap<>();
  private final Map<Target, Parked> parked = new HashMap<>();
  private final Set<Target> paused = new HashSet<>();

  TargetStates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  Optional<InFlight> inFlight(Target target) {
    return Optional.ofNullable(inFlight.get(target));
  }

  long countInFlight(String pool) {
    return inFlight.values().stream().filter(run -> run.pool().equals(pool)).count();
  }

  Collection<InFlight> inFlight() {
    return List.copyOf(inFlight.values());
  }

  Collection<Parked> parked() {
    return List.copyOf(parked.values());
  }

  /** Notes that this run order was sent. */
  void release(Target target, String pool, RunOrder order) {
    inFlight.put(target, new InFlight(order, pool, OffsetDateTime.now(), nanoTime.getAsLong()));
  }

  /**
   * Takes the run with this key out of flight: its order, or empty when another run or none is in
   * flight.
   */
  Optional<RunOrder> complete(Target target, String runKey) {
    Optional<RunOrder> order =
        Optional.ofNullable(inFlight.get(target))
            .map(InFlight::order)
            .filter(sent -> sent.runKey().equals(runKey));
    order.ifPresent(sent -> inFlight.remove(target));
    return order;
  }

  /** Whether nothing may be sent there now: the target is parked, or a user paused it. */
  boolean isHeldBack(Target target) {
    Parked found = parked.get(target);
    return paused.contains(target)
        || found != null && found.untilNanos() - nanoTime.getAsLong() > 0;
  }

  void park(Target target, String message, long untilNanos) {
    OffsetDateTime now = OffsetDateTime.now();
    OffsetDateTime since = Optional.ofNullable(parked.get(target)).map(Parked::since).orElse(now);
    parked.put(target, new Parked(target, message, since, now, untilNanos));
  }

  void unpark(Target target) {
    parked.remove(target);
  }

  /** Pauses the targets of these urls and resumes all others. */
  void pause(Set<String> urls) {
    paused.clear();
    urls.stream().map(Target::of).forEach(paused::add);
  }
}
