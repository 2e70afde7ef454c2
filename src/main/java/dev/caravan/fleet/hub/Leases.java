package dev.caravan.fleet.hub;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tracks for each run in flight how long no worker has reported it. Time during which the hub
 * itself was disconnected from the broker does not count. Thread-safe.
 */
final class Leases {

  private static final class Lease {
    private long elapsedNanos;
  }

  private final Duration lease;
  private final Map<String, Lease> leases = new HashMap<>();

  Leases(Duration lease) {
    this.lease = lease;
  }

  /** Renews the leases of runs that a worker reports. */
  synchronized void renew(Set<String> deliveryIds) {
    for (String deliveryId : deliveryIds) {
      Lease current = leases.computeIfAbsent(deliveryId, id -> new Lease());
      current.elapsedNanos = 0;
    }
  }

  /** Renews all leases, after the hub was disconnected. */
  synchronized void renewAll() {
    leases.values().forEach(current -> current.elapsedNanos = 0);
  }

  /** Adds the elapsed time to all leases; returns the runs whose lease has expired. */
  synchronized List<InFlightRun> expired(Duration elapsed, Collection<InFlightRun> inFlightRuns) {
    leases.keySet().retainAll(inFlightRuns.stream().map(InFlightRun::deliveryId).toList());
    return inFlightRuns.stream().filter(inFlightRun -> isExpired(inFlightRun, elapsed)).toList();
  }

  private boolean isExpired(InFlightRun inFlightRun, Duration elapsed) {
    Lease current = leases.computeIfAbsent(inFlightRun.deliveryId(), id -> new Lease());
    current.elapsedNanos += elapsed.toNanos();
    return current.elapsedNanos > lease.toNanos();
  }

  /** Renews the lease of a run that is still queued. */
  synchronized void renew(InFlightRun inFlightRun) {
    leases.put(inFlightRun.deliveryId(), new Lease());
  }
}
