package dev.caravan.observe.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Events as CloudEvents 1.0 in structured JSON, one line each. */
final class CloudEventJson {

  /** The media type of an event. */
  static final String MEDIA_TYPE = JsonFormat.CONTENT_TYPE;

  /** CloudEvents' own extension attribute for the order of events of one source. */
  private static final String SEQUENCE = "sequence";

  private static final String BATCH = "batch";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFormat FORMAT = new JsonFormat();

  private CloudEventJson() {}

  /** The event in its place. */
  static StoredEvent recorded(long sequence, Event event) {
    byte[] json =
        FORMAT.serialize(
            CloudEventBuilder.v1()
                .withId(event.id())
                .withSource(event.source())
                .withType(event.kind().type())
                .withSubject(event.subject())
                .withTime(event.time())
                .withExtension(SEQUENCE, String.valueOf(sequence))
                .withData(
                    "application/json",
                    JsonCloudEventData.wrap(MAPPER.valueToTree(EventSizeLimits.of(event.data()))))
                .build());
    return new StoredEvent(
        sequence,
        event.kind().type(),
        event.key(),
        event.id(),
        event.batch(),
        new String(json, StandardCharsets.UTF_8));
  }

  /** Reads a line back; empty when it is none, or not whole. */
  static Optional<StoredEvent> read(String line) {
    try {
      JsonNode json = MAPPER.readTree(line);
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
      return Optional.empty(); // a kill cut it off; what it said is derived from the tree again
    }
  }
}
