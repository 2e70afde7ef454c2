package dev.caravan.run;

import dev.caravan.batch.Json;

/**
 * The message on the recorded queue: what became of a run order. Exactly one answers each order.
 *
 * @param schema version of this shape
 * @param runId id of the run
 * @param batchFolder absolute path of the batch folder
 * @param runIndex index of the run in its batch, from 0
 * @param kind what it says
 * @param words for {@code NOT_READY} and {@code INTERNAL_ERROR} why; else empty
 */
public record RunReport(
    int schema, String runId, String batchFolder, int runIndex, Kind kind, String words) {

  private static final int SCHEMA = 1;

  /** What a report says of its run. */
  public enum Kind {
    /** It ended for good; its process_result.json says how. */
    ENDED,
    /** Its target was not ready; nothing was started. */
    NOT_READY,
    /** Caravan is stopping; the run is to be done again by the next life. */
    STOPPED,
    /** Caravan could not do its part; nothing reliable is in the folder. */
    INTERNAL_ERROR
  }

  /** The report on an order. */
  public static RunReport on(RunOrder order, Kind kind, String words) {
    return new RunReport(SCHEMA, order.runId(), order.batchFolder(), order.runIndex(), kind, words);
  }

  /** The message text. */
  public String json() {
    return Json.text(this);
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is no report
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
