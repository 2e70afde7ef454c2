package dev.caravan.pipeline.run;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The message on the recorded queue: the result of a run order. Each order gets exactly one report.
 *
 * @param schema version of the message format
 * @param runId id of the run
 * @param batchFolder absolute path of the batch folder
 * @param runIndex index of the run in its batch, from 0
 * @param kind what happened
 * @param message the reason; may be empty
 * @param outcome outcome of the attempt, such as {@code timed_out}; empty when there was no attempt
 * @param cause its cause, such as {@code target_lost}; empty when there is none
 * @param retryAfterMillis for {@code RETRY}, the delay before the next attempt; otherwise 0
 * @param scope which runs the reason of a failure concerns
 */
public record RunReport(
    int schema,
    String runId,
    String batchFolder,
    int runIndex,
    Kind kind,
    String message,
    String outcome,
    String cause,
    long retryAfterMillis,
    Scope scope) {

  private static final int SCHEMA = 1;

  /** Longer than any back-off; far longer times are too long for clocks. */
  private static final long MAX_RETRY_MILLIS = Duration.ofDays(3_650).toMillis();

  /** That of a worker may lack fields, or have some of another version. */
  public RunReport {
    if (schema != SCHEMA || kind == null || runId == null || batchFolder == null) {
      throw new IllegalArgumentException("not a run report of schema " + SCHEMA);
    }
    message = Objects.toString(message, "");
    outcome = known(Objects.toString(outcome, ""));
    cause = Objects.toString(cause, "");
    retryAfterMillis = Math.max(0, Math.min(MAX_RETRY_MILLIS, retryAfterMillis));
    scope = scope == null ? Scope.RUN : scope;
  }

  private static String known(String outcome) {
    boolean isKnown = Stream.of(Outcome.values()).anyMatch(each -> each.value().equals(outcome));
    return isKnown || outcome.isEmpty() ? outcome : Outcome.FAILED.value();
  }

  /** Which runs the reason of a failure concerns. */
  public enum Scope {
    /** Only this run, as far as is known. */
    RUN,
    /** All runs of the batch with the same values of the checked parameters. */
    COMBINATION,
    /** All runs of the batch, so that the batch should end. */
    BATCH
  }

  /** What happened to the run. */
  public enum Kind {
    /** The run is done; see its process_result.json. */
    ENDED,
    /** The attempt failed; another one follows. */
    RETRY,
    /** The target was not ready; nothing was started. */
    NOT_READY,
    /** The target is up and refused what was asked for this run; nothing was started. */
    REFUSED,
    /** Another benchmark has locked the target or this host; nothing was started. */
    BUSY,
    /** Caravan is stopping; the run is repeated after a restart. */
    STOPPED,
    /** An error in Caravan; the run folder is not reliable. */
    INTERNAL_ERROR;

    /** Whether aiperf was started. */
    public boolean isExecuted() {
      return this == ENDED || this == RETRY;
    }
  }

  /** A report without an outcome. */
  public static RunReport on(RunOrder order, Kind kind, String message) {
    return of(order, kind, message, "", "", Duration.ZERO);
  }

  /** The report of a run that is done. */
  public static RunReport ended(RunOrder order, Head head) {
    return after(order, Kind.ENDED, head, Duration.ZERO);
  }

  /** The report of an attempt that is followed by another. */
  public static RunReport retry(RunOrder order, Head head, Duration wait) {
    return after(order, Kind.RETRY, head, wait);
  }

  /** The report of a lost attempt, which is followed by another. */
  public static RunReport lost(RunOrder order, String message, Duration wait) {
    return of(order, Kind.RETRY, message, Outcome.FAILED.value(), Cause.LOST.value(), wait);
  }

  private static RunReport after(RunOrder order, Kind kind, Head head, Duration wait) {
    String message = String.join("; ", head.reasons());
    return of(order, kind, message, head.status().value(), head.cause(), wait);
  }

  private static RunReport of(
      RunOrder order, Kind kind, String message, String outcome, String cause, Duration wait) {
    return new RunReport(
        SCHEMA,
        order.runId(),
        order.batchFolder(),
        order.runIndex(),
        kind,
        message,
        outcome,
        cause,
        wait.toMillis(),
        Scope.RUN);
  }

  /** A copy with this scope. */
  RunReport withScope(Scope newScope) {
    return new RunReport(
        schema,
        runId,
        batchFolder,
        runIndex,
        kind,
        message,
        outcome,
        cause,
        retryAfterMillis,
        newScope);
  }

  /** A copy that ends the batch, since a hook after the run failed. */
  RunReport stoppingBatch(String reason) {
    return new RunReport(
        schema,
        runId,
        batchFolder,
        runIndex,
        kind,
        reason,
        outcome,
        Cause.HOOK_FAILED.value(),
        retryAfterMillis,
        Scope.BATCH);
  }

  /** A copy with the run id and folder of this order: a worker uses another folder. */
  public RunReport forOrder(RunOrder order) {
    return new RunReport(
        schema,
        order.runId(),
        order.batchFolder(),
        order.runIndex(),
        kind,
        message,
        outcome,
        cause,
        retryAfterMillis,
        scope);
  }

  /** The key of its order. */
  public String runKey() {
    return RunOrder.keyOf(batchFolder, runIndex);
  }

  /** Whether the attempt counts as failed. */
  public boolean failed() {
    return !outcome.isEmpty() && Outcome.of(outcome).counts() == Outcome.Counts.FAILED;
  }
}
