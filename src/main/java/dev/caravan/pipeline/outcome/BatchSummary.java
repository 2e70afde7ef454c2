package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Outcome;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of {@code summary.json}: how many runs of a batch ended with which outcome.
 *
 * @param batchId {@code <batch_name>/<timestamp>}
 * @param total number of runs in the batch, ended or not
 * @param counters number of runs by outcome
 * @param degraded folders of the first {@link #MAX_DEGRADED} degraded runs
 * @param startedAt when the first run started, or the batch was accepted
 * @param finishedAt when the last run ended; empty until then
 */
public record BatchSummary(
    String batchId,
    int total,
    OutcomeCounts counters,
    List<String> degraded,
    OffsetDateTime startedAt,
    Optional<OffsetDateTime> finishedAt) {

  /** Version of the file's fields. */
  public static final int SCHEMA = 1;

  /** At most this many degraded runs are listed. */
  public static final int MAX_DEGRADED = 100;

  public BatchSummary {
    counters = counters.copy();
    degraded = List.copyOf(degraded);
  }

  /** The current summary of a batch. */
  public static BatchSummary of(
      String batchId,
      int total,
      BatchResults results,
      OffsetDateTime startedAt,
      Optional<OffsetDateTime> finishedAt) {
    return new BatchSummary(
        batchId,
        total,
        results.counters(),
        results.degradedFolders(MAX_DEGRADED),
        startedAt,
        finishedAt);
  }

  /** A copy that counts all runs that have not ended as cancelled. */
  public BatchSummary withRestCancelled() {
    OutcomeCounts all = counters.copy();
    all.add(Outcome.CANCELLED, total - all.ended());
    return new BatchSummary(batchId, total, all, degraded, startedAt, finishedAt);
  }

  /** The file content; {@code finished_at} comes last and is null until the batch is finished. */
  public byte[] json() {
    Map<String, Object> outcomes = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome.value(), counters.of(outcome));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("batch_id", batchId);
    json.put("total", total);
    json.put("completed", counters.of(Outcome.Counts.COMPLETED));
    json.put("failed", counters.of(Outcome.Counts.FAILED));
    json.put("neither", counters.of(Outcome.Counts.NEITHER));
    json.put("outcomes", outcomes);
    json.put("degraded", degraded);
    json.put("started_at", ResultJson.time(startedAt));
    json.put("finished_at", finishedAt.map(ResultJson::time).orElse(null));
    return Json.file(json);
  }

  /** Reads a {@code summary.json}; empty when it is absent, truncated or not a summary. */
  public static Optional<BatchSummary> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(summary(Json.read(file, JsonNode.class)));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty(); // it is rebuilt from the run folders
    }
  }

  private static BatchSummary summary(JsonNode json) {
    OutcomeCounts counters = new OutcomeCounts();
    json.required("outcomes")
        .properties()
        .forEach(e -> counters.add(Outcome.of(e.getKey()), e.getValue().asInt()));
    List<String> degraded = new ArrayList<>();
    json.required("degraded").forEach(folder -> degraded.add(folder.asText()));
    JsonNode finished = json.path("finished_at");
    return new BatchSummary(
        json.required("batch_id").asText(),
        json.required("total").asInt(),
        counters,
        degraded,
        OffsetDateTime.parse(json.required("started_at").asText()),
        finished.isTextual()
            ? Optional.of(OffsetDateTime.parse(finished.asText()))
            : Optional.empty());
  }
}
