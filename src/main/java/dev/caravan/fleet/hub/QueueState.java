package dev.caravan.fleet.hub;

import java.time.Duration;

/**
 * The state of a queue of runs.
 *
 * @param depth number of messages
 * @param oldest age of the first message; zero when the queue is empty
 */
public record QueueState(long depth, Duration oldest) {

  /** An empty queue. */
  public static final QueueState EMPTY = new QueueState(0, Duration.ZERO);
}
