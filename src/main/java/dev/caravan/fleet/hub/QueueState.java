package dev.caravan.fleet.hub;

import java.time.Duration;

/**
 * How a queue of runs is.
 *
 * @param depth messages in it
 * @param oldest age of the first of them; zero when it is empty
 */
public record QueueState(long depth, Duration oldest) {

  /** Nothing waits. */
  public static final QueueState EMPTY = new QueueState(0, Duration.ZERO);
}
