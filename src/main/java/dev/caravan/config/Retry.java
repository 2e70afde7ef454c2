package dev.caravan.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which failed runs are tried again.
 *
 * @param attempts how often a run is tried in all, 1 for once
 * @param on the causes, or the outcome {@code timed_out}, after which it is tried again
 * @param backoff how long to wait before the next attempt
 */
public record Retry(int attempts, Set<String> on, Duration backoff) {

  /** What holds when a config says nothing. */
  public static final Retry DEFAULTS =
      new Retry(
          2,
          new LinkedHashSet<>(List.of("crashed", "incomplete_export", "start_failed")),
          Duration.ofSeconds(10));

  public Retry {
    on = Collections.unmodifiableSet(new LinkedHashSet<>(on));
  }

  /**
   * Whether a run is tried once more.
   *
   * @param causeOrOutcome the word of the cause, or of the outcome where there is no cause
   * @param attempt the number of the attempt that ended so, from 1
   */
  public boolean retries(String causeOrOutcome, int attempt) {
    return attempt < attempts && on.contains(causeOrOutcome);
  }
}
