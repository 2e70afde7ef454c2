package dev.caravan.pipeline.outcome;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.caravan.config.HookEvent;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One execution of a hook, as the files of results record it.
 *
 * @param event when it ran, such as {@code before_point}
 * @param hook its name
 * @param status how it ended
 * @param startedAt wall clock
 * @param endedAt wall clock; empty while it runs, or when Caravan was killed meanwhile
 * @param durationSeconds by the monotonic clock
 * @param exitCode negative for a signal; empty when it did not exit by itself
 * @param failure what went wrong, in words; empty if nothing did
 * @param log the file with its output
 */
public record HookRun(
    String event,
    String hook,
    Status status,
    OffsetDateTime startedAt,
    Optional<OffsetDateTime> endedAt,
    Optional<Duration> durationSeconds,
    OptionalInt exitCode,
    String failure,
    String log) {

  public HookRun {
    requireNonNull(event, "event");
    requireNonNull(hook, "hook");
    requireNonNull(status, "status");
    requireNonNull(startedAt, "started_at");
    requireNonNull(endedAt, "ended_at");
    requireNonNull(durationSeconds, "duration_seconds");
    requireNonNull(exitCode, "exit_code");
    requireNonNull(failure, "failure");
    requireNonNull(log, "log");
  }

  /** How the execution of a hook ended. */
  public enum Status {
    /** It has not ended, as far as is known. */
    RUNNING,
    /** It exited with code 0. */
    SUCCEEDED,
    /** It did not. */
    FAILED,
    /** Caravan ended it because it was asked to stop, or to cancel the run. */
    STOPPED;

    /** The value in files. */
    @JsonValue
    public String value() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The status with this value. */
    @JsonCreator
    public static Status of(String value) {
      return valueOf(value.toUpperCase(Locale.ROOT));
    }
  }

  /** A hook that is about to start. */
  public static HookRun started(HookEvent event, String hook, String log) {
    return new HookRun(
        event.key(),
        hook,
        Status.RUNNING,
        now(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        "",
        log);
  }

  /** The same execution at its end. */
  public HookRun ended(Status how, Duration duration, OptionalInt code, String why) {
    return new HookRun(
        event, hook, how, startedAt, Optional.of(now()), Optional.of(duration), code, why, log);
  }

  /** The current time, as precise as in the files. */
  private static OffsetDateTime now() {
    return OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whether it is the hook of this event. */
  public boolean isOf(HookEvent when) {
    return event.equals(when.key());
  }

  /** Whether it is the same execution, which has ended since. */
  boolean isEndOf(HookRun begun) {
    return status != Status.RUNNING
        && begun.status == Status.RUNNING
        && startedAt.isEqual(begun.startedAt)
        && event.equals(begun.event);
  }

  /** Whether it ran to its end. */
  @JsonIgnore
  public boolean isOver() {
    return status == Status.SUCCEEDED || status == Status.FAILED;
  }

  /** Whether it failed. */
  @JsonIgnore
  public boolean isFailed() {
    return status == Status.FAILED;
  }

  /** Whether it exited with code 0. */
  @JsonIgnore
  public boolean isSuccess() {
    return status == Status.SUCCEEDED;
  }

  /** The failure as a reason, for users. */
  @JsonIgnore
  public String reason() {
    return "hook %s (%s) %s".formatted(event, hook, failure);
  }

  /** The execution while it runs, for users. */
  @JsonIgnore
  public String progress() {
    return "hook %s (%s) since %s".formatted(event, hook, startedAt);
  }

  /** The failure as a line of the log. */
  @JsonIgnore
  public String sentence() {
    return "H" + reason().substring(1);
  }
}
