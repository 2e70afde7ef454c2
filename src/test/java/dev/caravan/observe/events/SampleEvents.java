package dev.caravan.observe.events;

import dev.caravan.analysis.Verdict;
import dev.caravan.model.plan.Place;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.Map;

/** Sample events. */
final class SampleEvents {

  private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-11-24T12:00:00+01:00");

  private SampleEvents() {}

  /** {@code run.finished} of run {@code n} of this batch. */
  static Event run(String batch, int n) {
    return event(EventType.RUN_FINISHED, batch, batch + "/run" + n + ":1:run.finished", Map.of());
  }

  /** {@code batch.finished} of this batch. */
  static Event end(String batch) {
    return event(EventType.BATCH_FINISHED, batch, batch + ":1:batch.finished", Map.of());
  }

  /** {@code batch.compared} of a batch, with this verdict. */
  static Event compared(String batch, Verdict verdict) {
    return new Event(
        EventType.BATCH_COMPARED,
        URI.create("urn:caravan:test"),
        batch + verdict,
        batch,
        batch,
        TIME,
        new EventData.Compared(
            new EventData.OfBatch(batch, "", Map.of()), verdict, verdict + " " + batch));
  }

  static Event event(EventType type, String batch, String id, Map<String, Object> details) {
    return new Event(
        type,
        URI.create("urn:caravan:test"),
        id,
        "subject",
        batch,
        TIME,
        new EventData.Started(
            new EventData.OfRun(batch, "", Map.of(), "", 0, 1, 1, details, Place.UNKNOWN)));
  }
}
