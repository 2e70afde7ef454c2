package dev.caravan.observe.events;

/** The types of event. One that is best effort may be lost when the process is killed. */
public enum EventType {
  BATCH_ACCEPTED("batch.accepted"),
  CONFIG_REFUSED("config.refused"),
  /** Best effort. */
  RUN_STARTED("run.started"),
  /** Best effort: an attempt failed and a retry is due. */
  RUN_RETRYING("run.retrying"),
  RUN_FINISHED("run.finished"),
  RUN_DEAD_LETTERED("run.dead-lettered"),
  BATCH_FINISHED("batch.finished"),
  /** A batch that has ended was compared. */
  BATCH_COMPARED("batch.compared"),
  /** Best effort. */
  WORKER_JOINED("worker.joined"),
  /** Best effort. */
  WORKER_LOST("worker.lost"),
  /** Best effort: a target has been unavailable for a while. */
  TARGET_PARKED("target.parked"),
  /** Best effort: a target has refused the probes of a batch for a while. */
  BATCH_HELD("batch.held"),
  /** Best effort: no run starts because the results disk is nearly full. */
  DISK_LOW("disk.low");

  private static final String PREFIX = "dev.caravan.";

  private final String shortName;

  EventType(String shortName) {
    this.shortName = shortName;
  }

  /** Whether its batch may have more events of runs; one that was compared has ended before. */
  boolean keepsBatchOpen() {
    return this != BATCH_FINISHED && this != BATCH_COMPARED;
  }

  /** The short name, such as {@code run.finished}. */
  public String shortName() {
    return shortName;
  }

  /** The CloudEvents type, such as {@code dev.caravan.run.finished}. */
  public String cloudEventType() {
    return PREFIX + shortName;
  }
}
