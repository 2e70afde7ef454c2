package dev.caravan.fleet.hub;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/** Reads the state of the pools' queues. */
@FunctionalInterface
public interface QueueDepths {

  /**
   * The state of each pool's queue; pools whose state is unknown are omitted.
   *
   * @throws IOException when the broker is not reachable
   */
  Map<String, QueueState> of(Collection<String> pools) throws IOException;
}
