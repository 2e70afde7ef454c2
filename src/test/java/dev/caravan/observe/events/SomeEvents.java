package dev.caravan.observe.events;

import java.net.URI;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;

/** Events that happened nowhere. */
final class SomeEvents {

  private SomeEvents() {}

  /** The end of run {@code n} of this batch. */
  static Event run(String batch, int n) {
    return event(EventType.RUN_FINISHED, batch, batch + "/run" + n + ":1:run.finished", Map.of());
  }

  /** The end of this batch. */
  static Event end(String batch) {
    return event(EventType.BATCH_FINISHED, batch, batch + ":1:batch.finished", Map.of());
  }

  static Event event(EventType kind, String batch, String id, Map<String, Object> more) {
    Map<String, Object> data = new TreeMap<>(more);
    data.put("batch", batch);
    return new Event(
        kind,
        URI.create("urn:caravan:test"),
        id,
        "subject",
        batch,
        OffsetDateTime.parse("2026-11-24T12:00:00+01:00"),
        data);
  }
}
