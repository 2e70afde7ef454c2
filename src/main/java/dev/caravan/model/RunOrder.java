package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * The message on the runs queue: execute this run once. It carries no secrets.
 *
 * @param schema version of this format
 * @param runId id of the run
 * @param batchFolder absolute path of the batch folder
 * @param runIndex index of the run in its batch, from 0
 * @param ending how to end the run without executing it; null to execute it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunOrder(int schema, String runId, String batchFolder, int runIndex, Ending ending) {

  private static final int SCHEMA = 1;

  public RunOrder {
    if (schema != SCHEMA || runId == null || batchFolder == null) {
      throw new IllegalArgumentException("not a run order of schema " + SCHEMA);
    }
  }

  /**
   * How to end a run without executing it.
   *
   * @param outcome {@link Outcome#value()}
   * @param cause {@link Cause#value()}; empty if there is none
   * @param reason a message for users
   */
  public record Ending(String outcome, String cause, String reason) {

    /** Ends a run with an outcome that needs no cause. */
    public static Ending of(Outcome outcome, String reason) {
      return new Ending(outcome.value(), "", reason);
    }

    /** Ends a run as failed. */
    public static Ending failed(Cause cause, String reason) {
      return new Ending(Outcome.FAILED.value(), cause.value(), reason);
    }

    /** Ends a run that was cancelled before it started. */
    public static Ending cancelled(Control.Order order) {
      return of(Outcome.CANCELLED, "cancelled " + order.message());
    }
  }

  /** An order to execute a run. */
  public static RunOrder execute(String runId, String batchFolder, int runIndex) {
    return new RunOrder(SCHEMA, runId, batchFolder, runIndex, null);
  }

  /** An order to end the same run without executing it. */
  public RunOrder withEnding(Ending ending) {
    return new RunOrder(schema, runId, batchFolder, runIndex, ending);
  }

  /** How to end the run without executing it; empty to execute it. */
  public Optional<Ending> requestedEnding() {
    return Optional.ofNullable(ending);
  }

  /** Identifies the run on this host, also when it cannot be loaded. */
  public String runKey() {
    return keyOf(batchFolder, runIndex);
  }

  /** The key of the run with this index in the batch in this folder. */
  public static String keyOf(String batchFolder, int runIndex) {
    return batchFolder + "#" + runIndex;
  }
}
