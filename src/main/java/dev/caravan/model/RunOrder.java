package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caravan.storage.Json;
import java.util.Optional;

/**
 * The message on the runs queue: execute this run once. It carries no secret.
 *
 * @param schema version of this shape
 * @param runId id of the run
 * @param batchFolder absolute path of the batch folder
 * @param runIndex index of the run in its batch, from 0
 * @param ending when there: do not execute it, but end it so
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunOrder(int schema, String runId, String batchFolder, int runIndex, Ending ending) {

  private static final int SCHEMA = 1;

  /**
   * How to end a run that is not to be executed.
   *
   * @param outcome word of the outcome
   * @param cause word of the cause; empty when there is none to name
   * @param reason in words for people
   */
  public record Ending(String outcome, String cause, String reason) {

    /** The end of a run that somebody cancelled before it was started. */
    public static Ending cancelled(Control.Order order) {
      return new Ending(Outcome.CANCELLED.value(), "", "cancelled " + order.message());
    }
  }

  /** An order to execute. */
  public static RunOrder execute(String runId, String batchFolder, int runIndex) {
    return new RunOrder(SCHEMA, runId, batchFolder, runIndex, null);
  }

  /** The same run, to be ended without executing it. */
  public RunOrder endedBy(Ending how) {
    return new RunOrder(schema, runId, batchFolder, runIndex, how);
  }

  /** How to end it, when it is not to be executed. */
  public Optional<Ending> endingAsked() {
    return Optional.ofNullable(ending);
  }

  /** The message text. */
  public String json() {
    return Json.text(this);
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is no order
   */
  public static RunOrder of(String json) {
    RunOrder order = Json.read(json, RunOrder.class);
    if (order == null
        || order.schema != SCHEMA
        || order.runId == null
        || order.batchFolder == null) {
      throw new IllegalArgumentException("no run order of schema " + SCHEMA);
    }
    return order;
  }
}
