package dev.caravan.fleet.jms;

/** Names of queues, topics and message properties. */
public final class Destinations {

  /** Queue of submitted configs. */
  public static final String SUBMIT = "caravan.submit";

  /** Topic of events. */
  public static final String EVENTS = "caravan.events";

  /** Queue of the workers' heartbeats. */
  public static final String HEARTBEATS = "caravan.heartbeats";

  /** Queue of outcomes: result archives from workers. */
  public static final String OUTCOMES = "caravan.outcomes";

  /** Topic of the hub's heartbeats. */
  public static final String HUB = "caravan.hub";

  /** Queue of the workers' requests for input files. */
  public static final String FILES = "caravan.files";

  /** Queue of invalid messages. */
  public static final String DEAD_LETTERS = "caravan.dead-letters";

  /** Property of a message in the queue of a pool: its delivery id. */
  public static final String DELIVERY_ID = "caravan_delivery_id";

  /** Property of a dead letter: why the message is invalid. */
  public static final String CAUSE = "caravan_cause";

  /** Property of a dead letter: the destination that it was received from. */
  public static final String FOUND_IN = "caravan_found_in";

  private Destinations() {}

  /** Queue of the runs of a pool. */
  public static String runs(String pool) {
    return "caravan.runs." + pool;
  }
}
