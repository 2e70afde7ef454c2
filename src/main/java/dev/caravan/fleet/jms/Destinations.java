package dev.caravan.fleet.jms;

/** Names of queues and topics. */
public final class Destinations {

  /** Queue of configs. */
  public static final String SUBMIT = "caravan.submit";

  /** Topic of events. */
  public static final String EVENTS = "caravan.events";

  /** Queue of a worker's heartbeats. */
  public static final String HEARTBEATS = "caravan.heartbeats";

  /** Queue of what became of runs. */
  public static final String OUTCOMES = "caravan.outcomes";

  /** Topic of what the hub says to all workers. */
  public static final String HUB = "caravan.hub";

  /** Queue of what workers ask for. */
  public static final String FILES = "caravan.files";

  /** Queue of messages that are none of ours. */
  public static final String DEAD_LETTERS = "caravan.dead-letters";

  /** Property of a message in the queue of a pool: names the sending. */
  public static final String DELIVERY_ID = "caravan_delivery_id";

  /** Property of a dead letter: why it is one. */
  public static final String CAUSE = "caravan_cause";

  /** Property of a dead letter: where it was found. */
  public static final String FOUND_IN = "caravan_found_in";

  private Destinations() {}

  /** Queue of the runs of a pool. */
  public static String runs(String pool) {
    return "caravan.runs." + pool;
  }
}
