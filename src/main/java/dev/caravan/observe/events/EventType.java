package dev.caravan.observe.events;

/** What an event can be about. */
public enum EventType {
  BATCH_ACCEPTED("batch.accepted"),
  CONFIG_REFUSED("config.refused"),
  /** Best effort: a kill at that moment loses it. */
  RUN_STARTED("run.started"),
  /** Best effort: an attempt failed and another is due. */
  RUN_RETRYING("run.retrying"),
  RUN_FINISHED("run.finished"),
  RUN_DEAD_LETTERED("run.dead-lettered"),
  BATCH_FINISHED("batch.finished"),
  /** Best effort. */
  WORKER_JOINED("worker.joined"),
  /** Best effort. */
  WORKER_LOST("worker.lost"),
  /** Best effort: a target has been out for a while. */
  TARGET_PARKED("target.parked"),
  /** Best effort: nothing starts because the disk of the results is nearly full. */
  DISK_LOW("disk.low");

  private static final String PREFIX = "dev.caravan.";

  private final String word;

  EventType(String word) {
    this.word = word;
  }

  /** Its last words, such as {@code run.finished}. */
  public String word() {
    return word;
  }

  /** The type of its CloudEvents, such as {@code dev.caravan.run.finished}. */
  public String type() {
    return PREFIX + word;
  }
}
