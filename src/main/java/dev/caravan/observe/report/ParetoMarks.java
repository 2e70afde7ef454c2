package dev.caravan.observe.report;

import dev.caravan.observe.report.Frontier.CurvePoint;
import dev.caravan.observe.report.Plot.Series;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntFunction;

/** Marks the points of a plot that no other point of it beats in both metrics, on whatever line. */
final class ParetoMarks {

  private final IntFunction<BatchData> batches;
  private final ReportMetric cost;
  private final ReportMetric gain;

  /**
   * The marks of a plot.
   *
   * @param batches the batch at a position of the report, as the plot draws it
   */
  ParetoMarks(IntFunction<BatchData> batches, ReportMetric cost, ReportMetric gain) {
    this.batches = batches;
    this.cost = cost;
    this.gain = gain;
  }

  /** The same lines with their marks. */
  List<Series> on(List<Series> lines) {
    List<CurvePoint> all = new ArrayList<>();
    for (Series line : lines) {
      for (int point : line.points()) {
        Point run = batches.apply(line.batch()).points().get(point);
        all.addAll(counts(run) ? List.of(at(all.size(), run)) : List.of());
      }
    }
    Set<Integer> front = new HashSet<>();
    Frontier.pareto(all).forEach(each -> front.add(each.point()));
    List<Series> marked = new ArrayList<>();
    int number = 0;
    for (Series line : lines) {
      List<Integer> pareto = new ArrayList<>();
      for (int point : line.points()) {
        if (counts(batches.apply(line.batch()).points().get(point)) && front.contains(number++)) {
          pareto.add(point);
        }
      }
      marked.add(line.withPareto(pareto));
    }
    return marked;
  }

  /** The points of one line of a batch, as a curve. */
  List<CurvePoint> curve(BatchData batch, List<Integer> points) {
    return points.stream()
        .filter(point -> counts(batch.points().get(point)))
        .map(point -> at(point, batch.points().get(point)))
        .toList();
  }

  private CurvePoint at(int number, Point run) {
    return new CurvePoint(number, directed(run, cost, -1), directed(run, gain, 1));
  }

  /** Degraded runs are drawn, but are no part of a frontier. */
  private boolean counts(Point run) {
    return run.succeeded()
        && run.metrics().get(cost).isPresent()
        && run.metrics().get(gain).isPresent();
  }

  /** The value with the sign so that more is better (1) or worse (-1). */
  private static double directed(Point run, ReportMetric metric, int wanted) {
    OptionalDouble value = run.metrics().get(metric);
    int better = metric.better() == ReportMetric.Better.LOWER ? -1 : 1;
    return wanted * better * value.orElse(Double.NaN);
  }
}
