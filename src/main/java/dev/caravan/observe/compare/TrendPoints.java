package dev.caravan.observe.compare;

import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The points that the values of a trend are means of: the same for all of its batches. */
final class TrendPoints {

  private TrendPoints() {}

  /**
   * All points of the newest of these sides; of a search, since each chooses its own loads, those
   * that the others have, too. One that has none of them does not count.
   *
   * @param oldestFirst the runs that count, of each batch
   * @param leftOut receives the points that others lack
   */
  static Set<String> of(List<ComparedSide> oldestFirst, List<String> leftOut) {
    ComparedSide newest = oldestFirst.get(oldestFirst.size() - 1);
    Set<String> all = newest.byPoint().keySet();
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

  private static boolean isOfSearch(ComparedSide side) {
    return side.batches().stream()
        .map(batch -> Path.of(batch.folder()).resolve(BatchFolder.SUMMARY))
        .anyMatch(file -> BatchSummary.read(file).flatMap(BatchSummary::search).isPresent());
  }
}
