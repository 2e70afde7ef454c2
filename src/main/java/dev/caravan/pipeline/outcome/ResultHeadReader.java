package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the head of {@code process_result.json} as a stream and stops before the output. */
final class ResultHeadReader {

  private static final Set<String> AFTER_HEAD =
      Set.of("executed", "executed_returncode", "args", "returncode", "stdout", "stderr");

  /** In bytes; a head takes a few kilobytes, and a file from elsewhere may have no end. */
  private static final long MAX_HEAD = 8 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxDocumentLength(MAX_HEAD).build())
          .build();

  private ResultHeadReader() {}

  static Optional<Head> read(Path file) {
    if (!RegularFiles.exists(file)) {
      return Optional.empty();
    }
    try (JsonParser json = JSON.createParser(RegularFiles.stream(file))) {
      return Optional.of(head(fields(json)));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty(); // truncated or not written by Caravan: the attempt has no result
    }
  }

  private static Map<String, JsonNode> fields(JsonParser json) throws IOException {
    Map<String, JsonNode> fields = new HashMap<>();
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return fields;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME && !AFTER_HEAD.contains(json.currentName())) {
      String name = json.currentName();
      json.nextToken();
      fields.put(name, Json.MAPPER.readTree(json));
    }
    return fields;
  }

  private static Head head(Map<String, JsonNode> fields) {
    JsonNode next = fields.get("next_attempt_at");
    return new Head(
        Outcome.of(required(fields, "status").asText()),
        required(fields, "cause").asText(),
        texts(required(fields, "reasons")),
        required(fields, "attempt").asInt(),
        required(fields, "final").asBoolean(),
        next == null || next.isNull() ? Optional.empty() : Optional.of(time(next)),
        time(required(fields, "started_at")),
        time(required(fields, "ended_at")),
        Duration.ofMillis(Math.round(required(fields, "duration_seconds").asDouble() * 1000)),
        required(fields, "aiperf_version").asText(),
        CheckJson.read(fields));
  }

  private static JsonNode required(Map<String, JsonNode> fields, String name) {
    JsonNode value = fields.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static OffsetDateTime time(JsonNode value) {
    return OffsetDateTime.parse(value.asText());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
