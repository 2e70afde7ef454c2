package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.Metrics;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes one point of the repeats of a point: their mean, with its interval. Plots draw it, since a
 * line through single repeats goes to and fro.
 */
final class DrawnRepeats {

  private DrawnRepeats() {}

  /** The batch as plots draw it; the batch itself when it has no repeats. */
  static BatchData of(BatchData batch) {
    return hasRepeats(batch) ? merged(batch) : batch;
  }

  /** Whether plots draw several runs as one point. */
  static boolean hasRepeats(BatchData batch) {
    int last = batch.keys().size() - 1;
    return last >= 0 && batch.keys().get(last).equals(RunColumns.REPEAT);
  }

  /** The batch without the degraded repeats of points that another repeat succeeded at. */
  static BatchData undisturbed(BatchData batch) {
    if (!hasRepeats(batch)) {
      return batch;
    }
    int keys = batch.keys().size() - 1;
    Set<List<Object>> measured =
        batch.points().stream()
            .filter(Point::succeeded)
            .map(point -> point.values().subList(0, keys))
            .collect(Collectors.toSet());
    return batch.withPoints(
        batch.points().stream()
            .filter(
                point -> !point.degraded() || !measured.contains(point.values().subList(0, keys)))
            .toList());
  }

  private static BatchData merged(BatchData batch) {
    int keys = batch.keys().size() - 1;
    Map<List<Object>, List<Point>> groups = new LinkedHashMap<>();
    for (Point point : batch.points()) {
      groups
          .computeIfAbsent(point.values().subList(0, keys), values -> new ArrayList<>())
          .add(point);
    }
    return new BatchData(
        batch.id(),
        batch.folder(),
        batch.finished(),
        batch.provenance(),
        batch.keys().subList(0, keys),
        batch.slo(),
        batch.search(),
        batch.total(),
        groups.entrySet().stream().map(each -> merged(each.getKey(), each.getValue())).toList());
  }

  private static Point merged(List<Object> values, List<Point> repeats) {
    Point first = representative(repeats);
    RepeatSpread spread = RepeatSpread.of(repeats);
    return new Point(
        first.index(),
        first.folder(),
        first.place(),
        values,
        first.state(),
        first.cause(),
        first.reason(),
        0,
        first.startedAt(),
        new CheckResults(findings(repeats), List.of(), Map.of(), Map.of()),
        new Metrics<>(
            ReportMetric.class,
            metric ->
                Double.isFinite(spread.mean(metric))
                    ? OptionalDouble.of(spread.mean(metric))
                    : OptionalDouble.empty()),
        Optional.of(spread));
  }

  /** The repeat that tells how the point is drawn: hollow if one that counts was disturbed. */
  private static Point representative(List<Point> repeats) {
    return repeats.stream()
        .filter(Point::degraded)
        .findFirst()
        .or(() -> repeats.stream().filter(Point::completed).findFirst())
        .or(() -> repeats.stream().filter(Point::open).findFirst())
        .orElse(repeats.get(0));
  }

  private static List<Finding> findings(List<Point> repeats) {
    return repeats.stream()
        .filter(Point::completed)
        .flatMap(point -> point.checks().findings().stream())
        .toList();
  }
}
