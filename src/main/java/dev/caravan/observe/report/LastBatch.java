package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.JsonTimes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The batch that was accepted last of those that have finished.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param finishedAt RFC 3339
 * @param outcomes number of runs by outcome, in words
 * @param verdict the verdict when it was compared; empty if it was not
 * @param sentence the verdict in words
 */
public record LastBatch(
    String id, String finishedAt, String outcomes, String verdict, String sentence) {

  /** Newer ones may be in progress. */
  private static final int MAX_READ = 100;

  /** The last one of these folders, newest first; empty when none of the newest has finished. */
  public static Optional<LastBatch> of(List<Path> folders) {
    return folders.stream()
        .limit(MAX_READ)
        .flatMap(folder -> finished(folder).stream())
        .findFirst();
  }

  private static Optional<LastBatch> finished(Path folder) {
    return BatchSummary.read(folder.resolve(BatchFolder.SUMMARY))
        .filter(summary -> summary.finishedAt().isPresent())
        .map(summary -> of(summary, BatchVerdict.read(folder)));
  }

  private static LastBatch of(BatchSummary summary, Optional<BatchVerdict> compared) {
    return new LastBatch(
        summary.batchId(),
        JsonTimes.text(summary.finishedAt().orElseThrow()),
        Arrays.stream(Outcome.values())
            .filter(outcome -> summary.counters().of(outcome) > 0)
            .map(
                outcome -> summary.counters().of(outcome) + " " + outcome.value().replace('_', ' '))
            .collect(Collectors.joining(", ")),
        compared.map(each -> each.verdict().name()).orElse(""),
        compared.map(BatchVerdict::sentence).orElse(""));
  }

  /** It in a line. */
  public String text() {
    return "Last accepted batch that has finished: "
        + id
        + ": "
        + outcomes
        + (sentence.isEmpty() ? "; not compared" : "; " + sentence);
  }
}
