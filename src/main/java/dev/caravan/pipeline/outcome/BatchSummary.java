package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.caravan.model.Outcome;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The content of {@code summary.json}: how many runs of a batch ended with which outcome.
 *
 * @param batchId {@code <batch_name>/<timestamp>}
 * @param total number of runs in the batch, ended or not
 * @param counters number of runs by outcome
 * @param findings number of runs by what the checks found
 * @param degraded folders of the first {@link #MAX_DEGRADED} degraded runs
 * @param slo how many runs keep the bounds of the config; empty without bounds
 * @param search what the search of the config found; empty without one
 * @param startedAt when the first run started, or the batch was accepted
 * @param finishedAt when the last run ended; empty until then
 */
@JsonPropertyOrder({"schema", "batch_id", "total", "completed", "failed", "neither"})
public record BatchSummary(
    @JsonProperty(required = true) String batchId,
    @JsonProperty(required = true) int total,
    @JsonProperty(value = "outcomes", required = true) OutcomeCounts counters,
    @JsonProperty("checks") FindingCounts findings,
    @JsonProperty(required = true) List<String> degraded,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SloSummary> slo,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SearchSummary> search,
    @JsonProperty(required = true) OffsetDateTime startedAt,
    Optional<OffsetDateTime> finishedAt) {

  /** Version of the file's fields. */
  public static final int SCHEMA = 1;

  /** At most this many degraded runs are listed. */
  public static final int MAX_DEGRADED = 100;

  public BatchSummary {
    counters = counters.copy();
    // Summaries of older versions lack them.
    findings = findings == null ? new FindingCounts() : findings.copy();
    degraded = List.copyOf(degraded);
    slo = slo == null ? Optional.empty() : slo;
    search = search == null ? Optional.empty() : search;
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
        results.findings(),
        results.degradedFolders(MAX_DEGRADED),
        Optional.empty(),
        Optional.empty(),
        startedAt,
        finishedAt);
  }

  /**
   * A copy that counts all runs that have not ended as cancelled.
   *
   * @param order who cancelled them, and why
   */
  public BatchSummary withRestCancelled(String order) {
    OutcomeCounts all = counters.copy();
    all.add(Outcome.CANCELLED, total - all.ended());
    return new BatchSummary(
        batchId,
        total,
        all,
        findings,
        degraded,
        slo,
        search.map(found -> found.cancelled(order)),
        startedAt,
        finishedAt);
  }

  /** A copy with what is known of the bounds of the config. */
  public BatchSummary withSlo(Optional<SloSummary> known) {
    return new BatchSummary(
        batchId, total, counters, findings, degraded, known, search, startedAt, finishedAt);
  }

  /** A copy with what the search of the config found. */
  public BatchSummary withSearch(Optional<SearchSummary> known) {
    return new BatchSummary(
        batchId, total, counters, findings, degraded, slo, known, startedAt, finishedAt);
  }

  /** A copy of a batch that has not finished. */
  public BatchSummary unfinished() {
    return new BatchSummary(
        batchId, total, counters, findings, degraded, slo, search, startedAt, Optional.empty());
  }

  /** The answers of the search in words, a line each; none without a search. */
  public List<String> searchLines() {
    return search.map(SearchSummary::lines).orElse(List.of());
  }

  /** The file content; {@code finished_at} comes last and is null until the batch is finished. */
  public byte[] json() {
    return Json.file(this);
  }

  @JsonProperty
  int schema() {
    return SCHEMA;
  }

  @JsonProperty
  int completed() {
    return counters.of(Outcome.Counts.COMPLETED);
  }

  @JsonProperty
  int failed() {
    return counters.of(Outcome.Counts.FAILED);
  }

  @JsonProperty
  int neither() {
    return counters.of(Outcome.Counts.NEITHER);
  }

  /** Reads a {@code summary.json}; empty when it is absent, truncated or not a summary. */
  public static Optional<BatchSummary> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(file, BatchSummary.class));
    } catch (IOException e) {
      return Optional.empty(); // it is rebuilt from the run folders
    }
  }
}
