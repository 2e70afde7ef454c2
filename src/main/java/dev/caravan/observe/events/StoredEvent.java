package dev.caravan.observe.events;

/**
 * One event in its place in the feed.
 *
 * @param sequence grows from event to event of a home
 * @param type of its CloudEvent, such as {@code dev.caravan.run.finished}
 * @param key source and id
 * @param id of its CloudEvent: the same whenever the same thing is told again
 * @param batch id of the batch it belongs to; empty when it belongs to none
 * @param json the CloudEvent as one line of structured JSON
 */
public record StoredEvent(
    long sequence, String type, String key, String id, String batch, String json) {

  /** Whether it is of this kind. */
  public boolean is(EventType kind) {
    return type.equals(kind.type());
  }
}
