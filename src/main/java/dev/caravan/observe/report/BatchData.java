package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import java.nio.file.Path;
import java.util.List;

/**
 * A batch as read from its result tree, for reports and pages.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param folder its folder
 * @param finished whether all its runs have ended
 * @param provenance where the metrics come from
 * @param keys its sweep keys, in the order written
 * @param total number of its runs, ended or not
 * @param points its runs in order, pending ones included; of very many pending ones only the first
 */
public record BatchData(
    String id,
    Path folder,
    boolean finished,
    Provenance provenance,
    List<String> keys,
    int total,
    List<Point> points) {

  public BatchData {
    keys = List.copyOf(keys);
    points = List.copyOf(points);
  }

  /** Number of runs in this state. */
  public long count(String state) {
    return points.stream().filter(point -> point.state().equals(state)).count();
  }

  /** Number of ended runs whose outcome counts as this. */
  public long count(Outcome.Counts kind) {
    return points.stream()
        .filter(point -> !point.open() && Outcome.of(point.state()).counts() == kind)
        .count();
  }

  /** Whether all values of this key are numbers. */
  public boolean isNumeric(int key) {
    return points.stream().allMatch(point -> point.values().get(key) instanceof Number);
  }

  /** Whether a completed run has this metric. */
  public boolean has(ReportMetric metric) {
    return points.stream().anyMatch(p -> p.completed() && p.metrics().get(metric).isPresent());
  }

  /** The throughput metric to show: per GPU when the number of GPUs is known. */
  public ReportMetric throughput() {
    return has(ReportMetric.TOKENS_PER_GPU)
        ? ReportMetric.TOKENS_PER_GPU
        : has(ReportMetric.TOKENS) ? ReportMetric.TOKENS : ReportMetric.REQUESTS_PER_SECOND;
  }

  /** The latency metric to show: TTFT, or request latency when responses are not streamed. */
  public ReportMetric latency() {
    return has(ReportMetric.TTFT_P99) ? ReportMetric.TTFT_P99 : ReportMetric.LATENCY_P99;
  }
}
