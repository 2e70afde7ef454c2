package dev.caravan.observe.events;

import java.net.URI;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * One thing that happened, before it has its place in the feed.
 *
 * @param kind what happened
 * @param source whose it is; with the id it is unique for ever
 * @param id the same whenever the same thing is told again: batch or run id, attempt and kind
 * @param subject id of the batch, run, worker or target
 * @param batch id of the batch it belongs to; empty when it belongs to none
 * @param time when it happened
 * @param data what there is to say: texts, numbers, and maps and lists of them
 */
record Event(
    EventType kind,
    URI source,
    String id,
    String subject,
    String batch,
    OffsetDateTime time,
    Map<String, Object> data) {

  Event {
    time = time.truncatedTo(ChronoUnit.MILLIS);
  }

  /** What tells it from all others. */
  String key() {
    return source + " " + id;
  }
}
