package dev.caravan.observe.report;

import java.util.List;

/**
 * The content of a report.
 *
 * @param generatedAt RFC 3339
 * @param version version of Caravan that made it
 * @param batches one, or several to compare
 * @param plots overlays of several batches, then the plots of each, in display order
 * @param requests the requests of some runs
 * @param comparisons each further batch against the first, or the variants of the only one
 * @param settings the settings of the runs of each batch; empty if the report does not tell them
 */
public record ReportData(
    String generatedAt,
    String version,
    List<BatchData> batches,
    List<Plot> plots,
    List<RunRequests> requests,
    List<ComparisonResult> comparisons,
    List<BatchSettings> settings) {

  /** Version of the JSON form. */
  public static final int SCHEMA = 1;

  public ReportData {
    batches = List.copyOf(batches);
    plots = List.copyOf(plots);
    requests = List.copyOf(requests);
    comparisons = List.copyOf(comparisons);
    settings = List.copyOf(settings);
  }

  /** The same report with these comparisons. */
  public ReportData with(List<ComparisonResult> compared) {
    return new ReportData(generatedAt, version, batches, plots, requests, compared, settings);
  }

  /**
   * The requests of one run.
   *
   * @param batch position of its batch in the report
   * @param point position of the run in the batch's points
   * @param requests the content of its request log
   */
  public record RunRequests(int batch, int point, RequestData requests) {}
}
