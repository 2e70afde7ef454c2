package dev.caravan.pipeline.dispatch;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which pools are full, and which have runs waiting but no worker. */
final class Pools {

  private static final Logger LOG = LoggerFactory.getLogger(Pools.class);

  private final Capacity capacity;
  private final Map<String, OffsetDateTime> unserved = new TreeMap<>();

  Pools(Capacity capacity) {
    this.capacity = capacity;
  }

  /** Whether this pool has as many runs in flight as it can execute. */
  boolean isFull(String pool, TargetStates targets) {
    int limit = capacity.of(pool);
    if (limit > 0) {
      unserved.remove(pool);
    } else if (unserved.putIfAbsent(pool, OffsetDateTime.now()) == null) {
      LOG.info("Runs of pool {} are waiting: no worker serves it", pool);
    }
    return targets.countInFlight(pool) >= limit;
  }

  /** Whether any worker serves this pool. */
  boolean isServed(String pool) {
    return capacity.of(pool) > 0;
  }

  /** The pools with as many runs in flight as their workers execute. */
  List<String> full(TargetStates targets) {
    return targets.inFlight().stream()
        .map(TargetStates.InFlight::pool)
        .distinct()
        .filter(this::isServed)
        .filter(pool -> targets.countInFlight(pool) >= capacity.of(pool))
        .sorted()
        .toList();
  }

  /** The pools that have runs waiting but no worker, and since when. */
  Map<String, OffsetDateTime> unserved() {
    return Map.copyOf(unserved);
  }
}
