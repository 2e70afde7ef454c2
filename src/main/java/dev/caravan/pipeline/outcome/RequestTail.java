package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.caravan.storage.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The latest requests of a run in progress: the end of its request log, of bounded size. */
public final class RequestTail {

  private static final ObjectReader LINE = Json.PYTHON.forType(Line.class);

  /** The fields that are read from a line; of any type. */
  private record Line(JsonNode metadata, JsonNode error) {}

  private final List<String> lines;
  private final boolean isWhole;

  private RequestTail(List<String> lines, boolean isWhole) {
    this.lines = lines;
    this.isWhole = isWhole;
  }

  /** The requests in the last {@code maxBytes} bytes of a request log. */
  public static RequestTail of(Path file, int maxBytes) {
    FileTail tail = FileTail.of(file, maxBytes);
    return new RequestTail(tail.text().lines().toList(), tail.skippedBytes() == 0);
  }

  /** Whether these are all requests of the log. */
  public boolean isWhole() {
    return isWhole;
  }

  /** The requests, oldest first. */
  public List<RequestLine> requests() {
    return lines.stream()
        .flatMap(line -> RequestLine.parsed(line.getBytes(StandardCharsets.UTF_8)).stream())
        .toList();
  }

  /** When the last of them ended; empty when there is none. */
  public Optional<Instant> lastEnd() {
    return newestFirst()
        .map(line -> field(line.metadata(), "request_end_ns"))
        .filter(JsonNode::canConvertToLong)
        .map(end -> Instant.ofEpochSecond(0, end.asLong()))
        .filter(Instant.EPOCH::isBefore)
        .max(Instant::compareTo);
  }

  /** The message of the last request that failed; empty when none did. */
  public Optional<String> lastError() {
    return newestFirst()
        .map(line -> field(line.error(), "message"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .findFirst();
  }

  private Stream<Line> newestFirst() {
    return Stream.iterate(lines.size() - 1, i -> i >= 0, i -> i - 1)
        .flatMap(i -> read(lines.get(i)).stream());
  }

  private static Optional<Line> read(String line) {
    try {
      return Optional.ofNullable(LINE.readValue(line));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // the first or the last line may be cut off
    }
  }

  private static JsonNode field(JsonNode object, String name) {
    return object == null ? Json.MAPPER.missingNode() : object.path(name);
  }
}
