package dev.caravan.observe.report;

import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * One unfinished batch in the order in which it is served.
 *
 * @param id id of the batch
 * @param folder its folder
 * @param state {@code running}, {@code waiting}, {@code parked}, {@code paused} or {@code
 *     cancelled}
 * @param message why it is so; empty where there is nothing to say
 * @param total its runs
 * @param done how many of them ended, as the summary says, which is up to ten seconds old
 * @param failed how many of those failed
 * @param start when it is expected to start, or when it started; empty when that cannot be told
 * @param end when it is expected to end; empty when that cannot be told
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

  /** The same with these words. */
  QueueEntry why(String because) {
    return new QueueEntry(id, folder, state, because, total, done, failed, start, end);
  }
}
