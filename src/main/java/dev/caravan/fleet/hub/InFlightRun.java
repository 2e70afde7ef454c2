package dev.caravan.fleet.hub;

import dev.caravan.model.RunOrder;

/**
 * A run that was sent to the workers and has no answer yet.
 *
 * @param deliveryId names this sending
 * @param pool which workers may take it
 * @param attempt number of the attempt, from 1
 * @param order the order it carries out
 */
record InFlightRun(String deliveryId, String pool, int attempt, RunOrder order) {}
