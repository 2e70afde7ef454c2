package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import java.nio.file.Path;
import java.util.List;

/**
 * A batch as its tree tells it: what reports and pages show.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param folder its folder
 * @param finished whether its last run has ended
 * @param provenance where the figures come from
 * @param keys its sweep keys, in the order written
 * @param total runs it has, ended or not
 * @param points its runs, in run order; runs still to come among them, the first of them when there
 *     are very many
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

  /** How many of its runs are in this state. */
  public long count(String state) {
    return points.stream().filter(point -> point.state().equals(state)).count();
  }

  /** How many of its runs ended in a way that counts as this. */
  public long count(Outcome.Counts kind) {
    return points.stream()
        .filter(point -> !point.open() && Outcome.of(point.state()).counts() == kind)
        .count();
  }

  /** Whether all values of this key are numbers. */
  public boolean numeric(int key) {
    return points.stream().allMatch(point -> point.values().get(key) instanceof Number);
  }

  /** Whether a completed run has this figure. */
  public boolean has(ReportMetric metric) {
    return points.stream().anyMatch(p -> p.completed() && p.figures().get(metric).isPresent());
  }

  /** The figure of throughput: per GPU when the number of GPUs is known. */
  public ReportMetric throughput() {
    return has(ReportMetric.TOKENS_PER_GPU)
        ? ReportMetric.TOKENS_PER_GPU
        : has(ReportMetric.TOKENS) ? ReportMetric.TOKENS : ReportMetric.REQUESTS_PER_SECOND;
  }

  /** The latency that users feel: to the first token, or of the request when nothing streams. */
  public ReportMetric latency() {
    return has(ReportMetric.TTFT_P99) ? ReportMetric.TTFT_P99 : ReportMetric.LATENCY_P99;
  }
}
