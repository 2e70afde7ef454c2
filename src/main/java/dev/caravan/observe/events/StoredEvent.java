package dev.caravan.observe.events;

/**
 * An event with its sequence number, encoded as JSON.
 *
 * @param sequence position in the feed; increases within a home
 * @param type the CloudEvents type, such as {@code dev.caravan.run.finished}
 * @param key source and id together, see {@link Event#key()}
 * @param id the CloudEvents id; stable when the same event is published again
 * @param batch id of its batch; empty when it concerns no batch
 * @param json the CloudEvent as a line of structured JSON
 */
public record StoredEvent(
    long sequence, String type, String key, String id, String batch, String json) {

  /** Whether the event is of this type. */
  public boolean is(EventType eventType) {
    return type.equals(eventType.cloudEventType());
  }
}
