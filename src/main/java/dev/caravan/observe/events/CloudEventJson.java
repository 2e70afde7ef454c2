package dev.caravan.observe.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.storage.Json;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Encodes events as CloudEvents 1.0 in structured JSON, one line each, and reads them back. */
final class CloudEventJson {

  /** The media type of an event. */
  static final String MEDIA_TYPE = JsonFormat.CONTENT_TYPE;

  /** The CloudEvents extension attribute that orders the events of a source. */
  private static final String SEQUENCE = "sequence";

  private static final String BATCH = "batch";
  private static final JsonFormat FORMAT = new JsonFormat();

  private CloudEventJson() {}

  /** Encodes the event, within {@link EventSizeLimits}. */
  static StoredEvent write(long sequence, Event event) {
    byte[] json =
        FORMAT.serialize(
            CloudEventBuilder.v1()
                .withId(event.id())
                .withSource(event.source())
                .withType(event.type().cloudEventType())
                .withSubject(event.subject())
                .withTime(event.time())
                .withExtension(SEQUENCE, String.valueOf(sequence))
                .withData(
                    "application/json",
                    JsonCloudEventData.wrap(
                        EventSizeLimits.apply(Json.MAPPER.valueToTree(event.data()))))
                .build());
    return new StoredEvent(
        sequence,
        event.type().cloudEventType(),
        event.key(),
        event.id(),
        event.batch(),
        new String(json, StandardCharsets.UTF_8));
  }

  /** Reads a line; empty when it is not a complete event. */
  static Optional<StoredEvent> read(String line) {
    try {
      JsonNode json = Json.MAPPER.readTree(line);
      String id = json.path("id").asText();
      long sequence = json.path(SEQUENCE).asLong();
      return id.isEmpty() || sequence == 0
          ? Optional.empty()
          : Optional.of(
              new StoredEvent(
                  sequence,
                  json.path("type").asText(),
                  json.path("source").asText() + " " + id,
                  id,
                  json.path("data").path(BATCH).asText(),
                  line));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // cut short by a kill; the event is rebuilt from the results tree
    }
  }
}
