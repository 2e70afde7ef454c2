package dev.caravan.fleet.hub;

import java.util.Optional;

/**
 * A pool as its hub knows it.
 *
 * @param pool its name
 * @param workers that serve it now and have an aiperf
 * @param slots runs that these take at once
 * @param inFlight runs that were sent and have no answer yet
 * @param queue its queue; empty when the broker does not tell
 */
public record PoolView(
    String pool, int workers, int slots, int inFlight, Optional<QueueState> queue) {}
