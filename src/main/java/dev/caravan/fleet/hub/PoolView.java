package dev.caravan.fleet.hub;

import java.util.Optional;

/**
 * A pool as seen by its hub.
 *
 * @param pool name of the pool
 * @param workers number of workers that serve it and accept runs
 * @param slots runs that these workers execute at the same time
 * @param inFlight number of runs that were sent and have no outcome yet
 * @param queue state of its queue; empty when unknown
 */
public record PoolView(
    String pool, int workers, int slots, int inFlight, Optional<QueueState> queue) {}
