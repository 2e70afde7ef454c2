package dev.caravan.observe.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caravan.pipeline.outcome.FindingCounts.Found;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An unfinished batch in the queue; also its JSON in the API and in {@code caravan status --json}.
 *
 * @param id id of the batch
 * @param folder its folder
 * @param state {@code running}, {@code waiting}, {@code parked}, {@code paused}, {@code cancelled},
 *     {@code unreadable} or {@code of another home}
 * @param message the reason for the state; may be empty
 * @param total number of its runs
 * @param done number of ended runs, from the summary, which is up to ten seconds old
 * @param failed number of failed runs among them
 * @param measured number of ended runs that have numbers, which findings are counted among; empty
 *     when a daemon does not tell
 * @param findings what the checks found in its runs so far, the worst first
 * @param start estimated start; empty when it has started or there is no estimate
 * @param end estimated end; empty when there is no estimate
 */
public record QueueEntry(
    @JsonProperty("batch") String id,
    String folder,
    String state,
    String message,
    int total,
    int done,
    int failed,
    OptionalInt measured,
    @JsonProperty("checks") List<Found> findings,
    @JsonProperty("expected_start") Optional<OffsetDateTime> start,
    @JsonProperty("expected_end") Optional<OffsetDateTime> end) {

  /** A daemon of another version may tell less, or levels that this one does not know. */
  public QueueEntry {
    id = Objects.requireNonNullElse(id, "");
    folder = Objects.requireNonNullElse(folder, "");
    state = Objects.requireNonNullElse(state, "");
    message = Objects.requireNonNullElse(message, "");
    measured = Objects.requireNonNullElse(measured, OptionalInt.empty());
    findings =
        findings == null ? List.of() : findings.stream().filter(f -> f.worst() != null).toList();
  }
}
