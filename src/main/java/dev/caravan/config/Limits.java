package dev.caravan.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How long a run and its phases may take, and after which failures the rest of a batch is
 * cancelled.
 *
 * @param startUp from the start of aiperf to its first phase
 * @param warmUp the warm-up phase
 * @param measuring the measured phase; empty to derive it from each run's duration
 * @param export from the end of the measured phase to the end of aiperf
 * @param runTimeout the whole run; empty for the sum of the phases
 * @param noProgress how long start-up or export may produce no output before it counts as hung
 * @param maxFailures consecutive failed runs after which the rest is cancelled; empty for never
 * @param sameCause consecutive failed runs with the same permanent cause (one that retrying cannot
 *     fix) after which the rest is cancelled; 0 for never
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

  /** The limits of a config that sets none. */
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

  private static final String GRACE = "benchmark_grace_period";

  /** aiperf 0.13.0's default of {@code benchmark_grace_period}, in seconds. */
  private static final double DEFAULT_GRACE = 30;

  /** Allows for clock differences, and for the time from the last response to the next phase. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** For a phase that has no end by its config. */
  private static final Duration OPEN_END = Duration.ofHours(24);

  /** Effectively unlimited, but a sum of phases must fit a long of nanoseconds (292 years). */
  private static final Duration UNLIMITED = Duration.ofDays(36_500);

  /**
   * The time limit of a run's measured phase. By default it is the sum of the benchmark duration,
   * aiperf's grace period for the last responses and a minute, or 24 hours if one of them is
   * infinite.
   *
   * @param run the merged parameters of the run
   */
  public Duration measuring(Parameters run) {
    return measuring.orElseGet(() -> fromDuration(run));
  }

  /**
   * The time limit of a run: {@code run_timeout}, else the sum of its phases.
   *
   * @param run the merged parameters of the run
   */
  public Duration total(Parameters run) {
    return runTimeout.orElseGet(() -> startUp.plus(warmUp).plus(measuring(run)).plus(export));
  }

  private static Duration fromDuration(Parameters run) {
    double seconds = seconds(run.values().get(ConfigKeys.DURATION)) + graceSeconds(run);
    if (!Double.isFinite(seconds)) {
      return OPEN_END;
    }
    double millis = Math.min(Math.ceil(seconds * 1000), UNLIMITED.toMillis());
    return Duration.ofMillis((long) millis).plus(MARGIN);
  }

  /** How long aiperf waits after the benchmark duration for requests that are still running. */
  public static double graceSeconds(Parameters run) {
    Object value = run.options().get(GRACE);
    return value == null ? DEFAULT_GRACE : seconds(value);
  }

  /** Anything but a number, such as {@code inf}, counts as infinite. */
  private static double seconds(Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.POSITIVE_INFINITY;
  }
}
