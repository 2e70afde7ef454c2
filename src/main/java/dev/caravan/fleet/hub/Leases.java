package dev.caravan.fleet.hub;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * For how long no worker has named each run that is under way. Time during which the hub itself was
 * cut off does not count. Threadsafe.
 */
final class Leases {

  private static final class Lease {
    private long nanos;
  }

  private final Duration lease;
  private final Map<String, Lease> leases = new HashMap<>();

  Leases(Duration lease) {
    this.lease = lease;
  }

  /** A worker has these. */
  synchronized void named(Set<String> deliveryIds) {
    for (String deliveryId : deliveryIds) {
      Lease known = leases.computeIfAbsent(deliveryId, t -> new Lease());
      known.nanos = 0;
    }
  }

  /** The hub was cut off: all begin anew. */
  synchronized void restart() {
    leases.values().forEach(known -> known.nanos = 0);
  }

  /** So much time went by; those of {@code flights} whose lease is over. */
  synchronized List<InFlightRun> passed(Duration time, Collection<InFlightRun> flights) {
    leases.keySet().retainAll(flights.stream().map(InFlightRun::deliveryId).toList());
    return flights.stream().filter(inFlightRun -> isOver(inFlightRun, time)).toList();
  }

  private boolean isOver(InFlightRun inFlightRun, Duration time) {
    Lease known = leases.computeIfAbsent(inFlightRun.deliveryId(), t -> new Lease());
    known.nanos += time.toNanos();
    return known.nanos > lease.toNanos();
  }

  /** It waits in the queue: its lease begins anew. */
  synchronized void waits(InFlightRun inFlightRun) {
    leases.put(inFlightRun.deliveryId(), new Lease());
  }
}
