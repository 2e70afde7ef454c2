package dev.caravan.observe.report;

import java.util.List;

/**
 * All that a report shows.
 *
 * @param generatedAt RFC 3339
 * @param version of Caravan that made it
 * @param batches one or several, to be compared then
 * @param plots of all batches together or of the only one, in the order shown
 * @param requests the requests of some runs
 */
public record ReportData(
    String generatedAt,
    String version,
    List<BatchData> batches,
    List<Plot> plots,
    List<RunRequests> requests) {

  /** Version of the JSON form. */
  public static final int SCHEMA = 1;

  public ReportData {
    batches = List.copyOf(batches);
    plots = List.copyOf(plots);
    requests = List.copyOf(requests);
  }

  /**
   * The requests of one run.
   *
   * @param batch position of its batch in the report
   * @param point position of the run in the batch's points
   * @param requests what its request log tells
   */
  public record RunRequests(int batch, int point, RequestData requests) {}
}
