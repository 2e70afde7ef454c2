package dev.caravan.fleet.hub;

import java.io.IOException;

/** Looks into the queue of a pool without taking anything. */
@FunctionalInterface
public interface QueueInspector {

  /**
   * Whether a run with this ticket waits there.
   *
   * @throws IOException when the broker cannot be asked
   */
  boolean holds(String pool, String deliveryId) throws IOException;
}
