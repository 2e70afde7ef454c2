package dev.caravan.observe.report;

import dev.caravan.config.Slo;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.SearchEndings;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.SloResult;
import dev.caravan.pipeline.outcome.SloSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A batch as read from its result tree, for reports and pages.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param folder its folder
 * @param finished whether all its runs have ended
 * @param provenance where the metrics come from
 * @param keys its sweep keys, in the order written
 * @param slo the bounds that its runs should keep; empty when there are none
 * @param search what its search found so far; empty without one
 * @param total number of its runs, ended or not; of a search that goes on, the most there can be
 * @param points its runs in order, pending ones included; of very many pending ones only the first
 */
public record BatchData(
    String id,
    Path folder,
    boolean finished,
    Provenance provenance,
    List<String> keys,
    List<Slo> slo,
    Optional<SearchSummary> search,
    int total,
    List<Point> points) {

  public BatchData {
    keys = List.copyOf(keys);
    slo = List.copyOf(slo);
    points = List.copyOf(points);
  }

  /** The same batch with these points. */
  BatchData withPoints(List<Point> others) {
    return new BatchData(id, folder, finished, provenance, keys, slo, search, total, others);
  }

  /** Whether a run keeps the bounds. */
  SloResult slo(Point point) {
    return point.completed() ? SloResult.of(slo, point::metric) : SloResult.UNKNOWN;
  }

  /** How many of the runs that ended keep the bounds; empty without bounds. */
  Optional<SloSummary> sloSummary() {
    if (slo.isEmpty()) {
      return Optional.empty();
    }
    SearchEndings endings = new SearchEndings(slo);
    List<SloSummary.Judged> judged =
        points.stream().filter(point -> !point.open()).map(p -> judged(p, endings)).toList();
    return Optional.of(SloSummary.of(RunColumns.varied(keys, keys), judged));
  }

  private SloSummary.Judged judged(Point point, SearchEndings endings) {
    Outcome outcome = Outcome.of(point.state());
    return new SloSummary.Judged(
        point.place().variant(),
        RunColumns.varied(keys, point.values()),
        outcome,
        slo(point).state(),
        endings.failedByLoad(outcome, point.cause(), point.foundChecks()));
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

  /** Whether this key has an order: all its values are numbers, or a rate without a limit. */
  boolean isOrdered(int key) {
    return points.stream().allMatch(point -> SweepKeys.number(point, key).isPresent());
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
