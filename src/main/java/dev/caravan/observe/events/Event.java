package dev.caravan.observe.events;

import java.net.URI;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/**
 * An event before the feed assigns it a sequence number.
 *
 * @param type what happened
 * @param source URN of the home, or of a results root in it; unique together with {@code id}
 * @param id stable when the same event is published again, such as {@code <run id>:2:run.finished}
 * @param subject id of the batch, run, worker or target that it is about
 * @param batch id of its batch; empty when it concerns no batch
 * @param time when it happened
 * @param data payload
 */
record Event(
    EventType type,
    URI source,
    String id,
    String subject,
    String batch,
    OffsetDateTime time,
    EventData data) {

  Event {
    time = time.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Source and id together, which identify the event. */
  String key() {
    return source + " " + id;
  }
}
