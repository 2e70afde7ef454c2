package dev.caravan.observe.report;

import java.time.OffsetDateTime;
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
    Optional<OffsetDateTime> start,
    Optional<OffsetDateTime> end) {

  /** This entry with another message. */
  QueueEntry withMessage(String newMessage) {
    return new QueueEntry(id, folder, state, newMessage, total, done, failed, start, end);
  }
}
