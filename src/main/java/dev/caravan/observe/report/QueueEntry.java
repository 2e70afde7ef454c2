package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.FindingCounts.Found;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An unfinished batch in the queue.
 *
 * @param id id of the batch
 * @param folder its folder
 * @param state {@code running}, {@code waiting}, {@code parked}, {@code paused} or {@code
 *     cancelled}
 * @param message the reason for the state; may be empty
 * @param total number of its runs
 * @param done number of ended runs, from the summary, which is up to ten seconds old
 * @param failed number of failed runs among them
 * @param findings what the checks found in its runs so far, the worst first
 * @param start estimated start; empty when it has started or there is no estimate
 * @param end estimated end; empty when there is no estimate
 */
public record QueueEntry(
    String id,
    String folder,
    String state,
    String message,
    int total,
    int done,
    int failed,
    List<Found> findings,
    Optional<OffsetDateTime> start,
    Optional<OffsetDateTime> end) {

  public QueueEntry {
    findings = List.copyOf(findings);
  }

  /** This entry as a JSON object, as the API and {@code caravan status --json} show it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("batch", id);
    json.put("folder", folder);
    json.put("state", state);
    json.put("message", message);
    json.put("total", total);
    json.put("done", done);
    json.put("failed", failed);
    json.put("checks", findings.stream().map(QueueEntry::json).toList());
    json.put("expected_start", start.map(OffsetDateTime::toString).orElse(null));
    json.put("expected_end", end.map(OffsetDateTime::toString).orElse(null));
    return json;
  }

  private static Map<String, Object> json(Found found) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", found.id());
    json.put("level", found.worst().value());
    json.put("runs", found.runs());
    return json;
  }

  /** This entry with another message. */
  QueueEntry withMessage(String newMessage) {
    return new QueueEntry(id, folder, state, newMessage, total, done, failed, findings, start, end);
  }
}
