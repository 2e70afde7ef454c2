package dev.caravan.config;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which failed runs are retried.
 *
 * @param attempts largest number of attempts per run, including the first
 * @param on the causes, the outcome {@code timed_out} or {@link #DISTURBED}, after which a run is
 *     retried
 * @param backoff how long to wait before the second attempt
 */
public record Retry(int attempts, Set<String> on, Duration backoff) {

  private static final int MAX_DOUBLINGS = 10;

  /** Stands for the invalid findings of checks by which something from outside disturbed a run. */
  public static final String DISTURBED = "disturbed";

  /** The rules of a config that sets none. */
  public static final Retry DEFAULTS =
      new Retry(
          2,
          new LinkedHashSet<>(
              List.of("crashed", "incomplete_export", "start_failed", Retry.DISTURBED)),
          Duration.ofSeconds(10));

  public Retry {
    on = Collections.unmodifiableSet(new LinkedHashSet<>(on));
  }

  /**
   * Whether to retry a run.
   *
   * @param causeOrOutcome value of the cause, or of the outcome if there is no cause
   * @param attempt number of the attempt that ended, from 1
   */
  public boolean retries(String causeOrOutcome, int attempt) {
    return attempt < attempts && on.contains(causeOrOutcome);
  }

  /**
   * How long to wait after an attempt.
   *
   * @param attempt its number among those that count, from 1
   */
  public Duration pauseAfter(int attempt) {
    return backoff.multipliedBy(1L << Math.min(Math.max(attempt - 1, 0), MAX_DOUBLINGS));
  }

  /**
   * What is left now of the wait after an attempt, as one process told it to another. Never longer
   * than the wait can have been: the clock may have been set back since, or be that of another
   * host.
   *
   * @param attempt its number, from 1
   * @param due when the next one is due
   */
  public Duration leftAfter(int attempt, OffsetDateTime due) {
    Duration longest = pauseAfter(Math.min(attempt, attempts - 1));
    Duration left = Duration.between(OffsetDateTime.now(), due);
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(longest) < 0 ? left : longest;
  }
}
