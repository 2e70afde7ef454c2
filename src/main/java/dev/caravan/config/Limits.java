package dev.caravan.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long a run and its phases may take, and after which failures the rest of a batch is given up.
 *
 * @param startUp from the start of aiperf to its first phase
 * @param warmUp the warm-up phase
 * @param measuring the measured phase; empty when it follows from each run's own duration
 * @param export from the end of the measured phase to the end of aiperf
 * @param runTimeout the whole run; empty when it is the sum of the phases
 * @param noProgress the longest silence in start-up and in export, where silence means a hang
 * @param maxFailures failed runs in a row after which the rest is cancelled; empty for never
 * @param sameCause failed runs in a row with one and the same cause that will not go away by
 *     itself, after which the rest is cancelled; 0 for never
 */
public record Limits(
    Duration startUp,
    Duration warmUp,
    Optional<Duration> measuring,
    Duration export,
    Optional<Duration> runTimeout,
    Duration noProgress,
    OptionalInt maxFailures,
    int sameCause) {

  /** What holds when a config says nothing. */
  public static final Limits DEFAULTS =
      new Limits(
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Optional.empty(),
          Duration.ofMinutes(10),
          Optional.empty(),
          Duration.ofMinutes(5),
          OptionalInt.empty(),
          2);

  private static final String DURATION = "benchmark_duration";
  private static final String GRACE = "benchmark_grace_period";

  /** What aiperf 0.13.0 waits for the last replies when it is not told. */
  private static final double DEFAULT_GRACE = 30;

  /** For clocks that differ, and for the way from the last reply to the next phase line. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** Where nothing in the config says when the phase ends. */
  private static final Duration OPEN_END = Duration.ofHours(24);

  /** As good as none; a sum of phases still fits into nanoseconds, which end after 292 years. */
  private static final Duration NEVER = Duration.ofDays(36_500);

  /**
   * The limit of a run's measured phase. Where the config sets none it is the benchmark duration,
   * aiperf's grace period for the last replies and a minute; 24 hours where one of them has no end.
   *
   * @param run the merged parameters of the run
   */
  public Duration measuring(Parameters run) {
    return measuring.orElseGet(() -> byDuration(run));
  }

  /**
   * The limit of a whole run: {@code run_timeout}, else the sum of its phases.
   *
   * @param run the merged parameters of the run
   */
  public Duration total(Parameters run) {
    return runTimeout.orElseGet(() -> startUp.plus(warmUp).plus(measuring(run)).plus(export));
  }

  private static Duration byDuration(Parameters run) {
    double seconds = seconds(run.values().get(DURATION)) + grace(run);
    if (!Double.isFinite(seconds)) {
      return OPEN_END;
    }
    double millis = Math.min(Math.ceil(seconds * 1000), NEVER.toMillis());
    return Duration.ofMillis((long) millis).plus(MARGIN);
  }

  private static double grace(Parameters run) {
    Object given = run.options().get(GRACE);
    return given == null ? DEFAULT_GRACE : seconds(given);
  }

  /** Whatever is no number, such as {@code inf}, has no end. */
  private static double seconds(Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.POSITIVE_INFINITY;
  }
}
