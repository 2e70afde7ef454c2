package dev.caravan.exec;

import java.time.Duration;
import java.time.OffsetDateTime;

/**
 * How a process ended. Its whole tree is gone by then.
 *
 * @param how why it ended
 * @param returnCode as Python gives it: the exit code, or −n when killed by signal n; meaningless
 *     when it could not be started
 * @param words for {@code NOT_STARTED} why not, for {@code STOPPED} on whose order; else empty
 * @param startedAt wall clock
 * @param endedAt wall clock
 * @param duration by the monotonic clock
 */
public record Ended(
    How how,
    int returnCode,
    String words,
    OffsetDateTime startedAt,
    OffsetDateTime endedAt,
    Duration duration) {

  /** Why a process ended. */
  public enum How {
    /** It came to its end by itself, or by a signal that was not ours. */
    EXITED,
    /** Its limit passed and the tree was ended. */
    TIMED_OUT,
    /** An order to stop came and the tree was ended. */
    STOPPED,
    /** It could not be started at all. */
    NOT_STARTED
  }
}
