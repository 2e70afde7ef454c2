package dev.caravan.fleet.hub;

import java.io.IOException;

/** Browses the queue of a pool without consuming messages. */
@FunctionalInterface
public interface QueueInspector {

  /**
   * Whether the queue contains a run with this delivery id.
   *
   * @throws IOException when the broker is not reachable
   */
  boolean contains(String pool, String deliveryId) throws IOException;
}
