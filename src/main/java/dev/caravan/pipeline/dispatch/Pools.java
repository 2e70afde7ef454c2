package dev.caravan.pipeline.dispatch;

import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many runs the pools can take, and which of them nobody serves. */
final class Pools {

  private static final Logger LOG = LoggerFactory.getLogger(Pools.class);

  private final Capacity capacity;
  private final Map<String, OffsetDateTime> unserved = new TreeMap<>();

  Pools(Capacity capacity) {
    this.capacity = capacity;
  }

  /** Whether as many runs of this pool are under way as may be. */
  boolean full(String pool, TargetStates targets) {
    int now = capacity.of(pool);
    if (now > 0) {
      unserved.remove(pool);
    } else if (unserved.putIfAbsent(pool, OffsetDateTime.now()) == null) {
      LOG.info("Runs of pool {} wait: no worker that serves it is there yet", pool);
    }
    return targets.countInFlight(pool) >= now;
  }

  /** The pools that runs wait for, since when nobody serves them. */
  Map<String, OffsetDateTime> unserved() {
    return Map.copyOf(unserved);
  }
}
