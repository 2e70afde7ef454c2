package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Optional;

/**
 * The times of an attempt that was cut off, as far as its files show them.
 *
 * @param startedAt the start time in its metadata; the same as {@code endedAt} without metadata
 * @param endedAt when its newest file was last modified: the attempt ran at least until then
 * @param aiperfVersion the version in its metadata; empty when unknown
 */
public record LostAttemptTimes(
    OffsetDateTime startedAt, OffsetDateTime endedAt, String aiperfVersion) {

  /** The times from these files of a run folder. */
  public static LostAttemptTimes of(RunFolder folder, Collection<Path> files) {
    OffsetDateTime last =
        orNow(files.stream().map(LostAttemptTimes::lastModified).max(Instant::compareTo));
    JsonNode metadata = read(folder.runMetadata());
    OffsetDateTime started = started(metadata, last);
    return new LostAttemptTimes(
        started,
        last.isBefore(started) ? started : last,
        metadata.path("aiperf_version").asText(""));
  }

  /** Why the attempt in a run folder has no result, for want of a better reason. */
  public static String reason(RunFolder folder) {
    JsonNode seconds = read(folder.runMetadata()).path("duration_seconds");
    if (seconds.isNumber() && seconds.asDouble() == 0) {
      return "this attempt had not started; Caravan stopped before it recorded why";
    }
    return seconds.isNumber()
        ? "aiperf had ended, but Caravan stopped before it wrote the result of this attempt"
        : "Caravan stopped while this attempt was running";
  }

  /** From start to end. */
  public Duration duration() {
    return Duration.between(startedAt, endedAt);
  }

  private static OffsetDateTime orNow(Optional<Instant> time) {
    return time.orElseGet(Instant::now).atZone(ZoneId.systemDefault()).toOffsetDateTime();
  }

  private static Instant lastModified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException gone) {
      return Instant.EPOCH; // older than any other file
    }
  }

  private static JsonNode read(Path metadata) {
    try {
      return Json.read(metadata, JsonNode.class);
    } catch (IOException unreadable) {
      return MissingNode.getInstance();
    }
  }

  private static OffsetDateTime started(JsonNode metadata, OffsetDateTime fallback) {
    try {
      return LocalDateTime.parse(metadata.path("timestamp").asText())
          .atZone(ZoneId.systemDefault())
          .toOffsetDateTime();
    } catch (DateTimeException notATime) {
      return fallback;
    }
  }
}
