package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.model.RunOrder;

/**
 * A run that was sent to the workers and has no outcome yet.
 *
 * @param deliveryId identifies this delivery of the run
 * @param pool whose workers may execute it
 * @param attempt number of the attempt, from 1
 * @param order the order that dispatch released
 */
record InFlightRun(String deliveryId, String pool, int attempt, RunOrder order) {

  InFlightRun {
    if (!DeliveryId.isValid(deliveryId) || pool == null || attempt < 1 || order == null) {
      throw new IllegalArgumentException("not a run in flight");
    }
  }
}
