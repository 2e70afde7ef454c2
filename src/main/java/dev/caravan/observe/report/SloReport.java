package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.SloSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a report about the bounds of a config.
 *
 * @param bounds metric to bound
 * @param text the bounds in words
 * @param kept number of runs that keep all of them
 * @param missed number of runs that miss one
 * @param unknown number of runs that ended of which it is not known
 * @param count these numbers in words
 * @param heading what the lines of {@code highest} are
 * @param highest the highest load of each combination that keeps them, in words
 */
record SloReport(
    Map<String, Double> bounds,
    String text,
    int kept,
    int missed,
    int unknown,
    String count,
    String heading,
    List<String> highest) {

  /** The part for a batch; empty without bounds. */
  static Optional<SloReport> of(BatchData batch) {
    return batch.sloSummary().map(summary -> of(batch, summary));
  }

  private static SloReport of(BatchData batch, SloSummary summary) {
    Map<String, Double> bounds = new LinkedHashMap<>();
    batch.slo().forEach(bound -> bounds.put(bound.metric(), bound.bound()));
    return new SloReport(
        bounds,
        SloText.bounds(batch.slo()),
        summary.kept(),
        summary.missed(),
        summary.unknown(),
        SloText.count(summary),
        batch.search().isPresent() ? SloText.SEARCHED : SloText.HIGHEST,
        batch.search().map(SearchSummary::lines).orElseGet(() -> SloText.highest(summary)));
  }
}
