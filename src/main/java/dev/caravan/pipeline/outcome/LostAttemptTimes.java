package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
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
 * What the files of an attempt that was cut off tell of its time: the start that its metadata
 * noted, and the last moment at which one of them was written.
 *
 * @param startedAt as noted; the last sign itself when nothing was noted
 * @param endedAt when the newest file was written: it lived at least until then
 * @param aiperfVersion as noted; empty when it was not
 */
public record LostAttemptTimes(
    OffsetDateTime startedAt, OffsetDateTime endedAt, String aiperfVersion) {

  /** Looks at these files of a run folder. */
  public static LostAttemptTimes of(RunFolder folder, Collection<Path> files) {
    OffsetDateTime last =
        local(files.stream().map(LostAttemptTimes::written).max(Instant::compareTo));
    JsonNode noted = noted(folder.runMetadata());
    OffsetDateTime started = started(noted, last);
    return new LostAttemptTimes(
        started, last.isBefore(started) ? started : last, noted.path("aiperf_version").asText(""));
  }

  /** From the start to the last sign. */
  public Duration duration() {
    return Duration.between(startedAt, endedAt);
  }

  private static OffsetDateTime local(Optional<Instant> time) {
    return time.orElseGet(Instant::now).atZone(ZoneId.systemDefault()).toOffsetDateTime();
  }

  private static Instant written(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException gone) {
      return Instant.EPOCH; // It tells nothing.
    }
  }

  private static JsonNode noted(Path metadata) {
    try {
      return ResultJson.MAPPER.readTree(Files.readAllBytes(metadata));
    } catch (IOException nothingNoted) {
      return MissingNode.getInstance();
    }
  }

  private static OffsetDateTime started(JsonNode noted, OffsetDateTime otherwise) {
    try {
      return LocalDateTime.parse(noted.path("timestamp").asText())
          .atZone(ZoneId.systemDefault())
          .toOffsetDateTime();
    } catch (DateTimeException notATime) {
      return otherwise;
    }
  }
}
