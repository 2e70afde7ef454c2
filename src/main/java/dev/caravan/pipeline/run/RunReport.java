package dev.caravan.pipeline.run;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.Json;
import java.time.Duration;

/**
 * The message on the recorded queue: what became of a run order. Exactly one answers each order.
 *
 * @param schema version of this shape
 * @param runId id of the run
 * @param batchFolder absolute path of the batch folder
 * @param runIndex index of the run in its batch, from 0
 * @param kind what it says
 * @param message why, for people; empty where there is nothing to say
 * @param outcome word of the outcome of the attempt; empty when there was none
 * @param cause word of its cause; empty when there is none
 * @param retryAfterMillis for {@code RETRY} when the next attempt is due; else 0
 * @param reach which runs share the reason of its end
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
    Reach reach) {

  private static final int SCHEMA = 1;

  public RunReport {
    reach = reach == null ? Reach.RUN : reach;
  }

  /** Which runs share the reason why a run ended. */
  public enum Reach {
    /** It alone, as far as is known. */
    RUN,
    /** Those of the batch that agree with it in what was tried; others may fare better. */
    COMBINATION,
    /** All runs of the batch, so that there is no point in going on. */
    BATCH
  }

  /** What a report says of its run. */
  public enum Kind {
    /** It ended for good; its process_result.json says how. */
    ENDED,
    /** Its attempt failed and another is due. */
    RETRY,
    /** Its target was not ready; nothing was started. */
    NOT_READY,
    /** Another benchmark holds its target or this host; nothing was started. */
    BUSY,
    /** Caravan is stopping; the run is to be done again by the next life. */
    STOPPED,
    /** Caravan could not do its part; nothing reliable is in the folder. */
    INTERNAL_ERROR
  }

  /** The report on an order whose run has no new outcome. */
  public static RunReport on(RunOrder order, Kind kind, String message) {
    return new RunReport(
        SCHEMA,
        order.runId(),
        order.batchFolder(),
        order.runIndex(),
        kind,
        message,
        "",
        "",
        0,
        Reach.RUN);
  }

  /** The report on an attempt that was the run's last. */
  public static RunReport ended(RunOrder order, Head head) {
    return after(order, Kind.ENDED, head, Duration.ZERO);
  }

  /** The report on an attempt that is followed by another. */
  public static RunReport retry(RunOrder order, Head head, Duration wait) {
    return after(order, Kind.RETRY, head, wait);
  }

  /** The report on an attempt of which nothing could be kept. */
  public static RunReport lost(RunOrder order, String message, Duration wait) {
    return new RunReport(
        SCHEMA,
        order.runId(),
        order.batchFolder(),
        order.runIndex(),
        Kind.RETRY,
        message,
        Outcome.FAILED.value(),
        Cause.LOST.value(),
        wait.toMillis(),
        Reach.RUN);
  }

  private static RunReport after(RunOrder order, Kind kind, Head head, Duration wait) {
    return new RunReport(
        SCHEMA,
        order.runId(),
        order.batchFolder(),
        order.runIndex(),
        kind,
        String.join("; ", head.reasons()),
        head.status().value(),
        head.cause(),
        wait.toMillis(),
        Reach.RUN);
  }

  /** The same of a run whose end has a reason that reaches so far. */
  RunReport reaching(Reach far) {
    return new RunReport(
        schema, runId, batchFolder, runIndex, kind, message, outcome, cause, retryAfterMillis, far);
  }

  /** The same, said of this order's run: a worker knows it by another folder. */
  public RunReport about(RunOrder order) {
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
        reach);
  }

  /** Whether the attempt counts as failed. */
  public boolean failed() {
    return !outcome.isEmpty() && Outcome.of(outcome).counts() == Outcome.Counts.FAILED;
  }

  /** The message text. */
  public String json() {
    return Json.text(this);
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is no run report
   */
  public static RunReport of(String json) {
    RunReport report = Json.read(json, RunReport.class);
    if (report == null
        || report.schema != SCHEMA
        || report.kind == null
        || report.runId == null
        || report.batchFolder == null) {
      throw new IllegalArgumentException("no run report of schema " + SCHEMA);
    }
    return report;
  }
}
