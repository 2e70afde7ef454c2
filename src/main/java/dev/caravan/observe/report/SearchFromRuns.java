package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.SearchReading;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads what a search found from the folders of its runs, for a batch whose summary is gone. */
final class SearchFromRuns {

  private SearchFromRuns() {}

  /**
   * What the search of a batch found; empty without a search, and before its first run has ended.
   *
   * @param started whether a run has a folder
   */
  static Optional<SearchReading> read(Batch batch, Predicate<Run> started) {
    if (batch.search().isEmpty()) {
      return Optional.empty();
    }
    List<ResultRow> rows =
        batch
            .indexes()
            .mapToObj(batch::run)
            .filter(started)
            .map(ResultRow::read)
            .flatMap(Optional::stream)
            .toList();
    return rows.isEmpty()
        ? Optional.empty()
        : SearchReading.of(batch.sweep(), batch.config().evaluation().slo(), rows, List.of());
  }
}
