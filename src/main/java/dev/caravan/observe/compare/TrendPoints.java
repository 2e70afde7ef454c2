package dev.caravan.observe.compare;

import dev.caravan.observe.report.ReportMetric;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The points that the values of a trend are means of: the same for all of its batches. */
final class TrendPoints {

  private TrendPoints() {}

  /**
   * The points at which the newest of these sides has values of all metrics; of a search, since
   * each chooses its own loads, those that the others have, too. One that has none of them does not
   * count.
   *
   * @param whole all runs of the newest
   * @param oldestFirst the runs that count, of each batch
   * @param leftOut receives the points of the newest that it, or others, have no values at
   */
  static Set<String> of(
      ComparedSide whole,
      List<ComparedSide> oldestFirst,
      List<ReportMetric> metrics,
      List<String> leftOut) {
    ComparedSide newest = oldestFirst.get(oldestFirst.size() - 1);
    Set<String> all = measured(newest, metrics);
    int planned = whole.byPoint().size();
    if (all.size() < planned) {
      leftOut.add(
          "%s: %d of its %d points, at which no run counts or a value is missing"
              .formatted(newest.name(), planned - all.size(), planned));
    }
    if (!isOfSearch(newest)) {
      return all;
    }
    Set<String> shared = new LinkedHashSet<>(all);
    for (int at = oldestFirst.size() - 2; at >= 0; at--) {
      Set<String> others = oldestFirst.get(at).byPoint().keySet();
      if (!Collections.disjoint(shared, others)) {
        shared.retainAll(others);
      }
    }
    if (shared.size() < all.size()) {
      leftOut.add(
          "%s: %d of its %d points, at which other searches have no value"
              .formatted(newest.name(), all.size() - shared.size(), all.size()));
    }
    return shared;
  }

  private static Set<String> measured(ComparedSide side, List<ReportMetric> metrics) {
    Map<String, List<ComparedRun>> points = side.byPoint();
    points
        .values()
        .removeIf(
            runs -> !metrics.stream().allMatch(metric -> MetricChoice.has(runs.stream(), metric)));
    return points.keySet();
  }

  private static boolean isOfSearch(ComparedSide side) {
    return side.batches().stream()
        .map(batch -> Path.of(batch.folder()).resolve(BatchFolder.SUMMARY))
        .anyMatch(file -> BatchSummary.read(file).flatMap(BatchSummary::search).isPresent());
  }
}
