package dev.caravan.fleet.hub;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/** Tells how the queues of pools are. */
@FunctionalInterface
public interface QueueDepths {

  /**
   * The state of the queue of each of these pools; one that cannot be told is left out.
   *
   * @throws IOException when the broker cannot be asked
   */
  Map<String, QueueState> of(Collection<String> pools) throws IOException;
}
