package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Adds what findings mean and what to do to a batch that was read from its table. */
final class FindingTexts {

  /** Number of runs that are looked at, which bounds the time that it takes. */
  private static final int MAX_RUNS = 500;

  private FindingTexts() {}

  /** The same batch with the messages of what is more than a note. */
  static BatchData in(BatchData batch) {
    Set<Integer> chosen =
        IntStream.range(0, batch.points().size())
            .filter(at -> lacksTexts(batch.points().get(at)))
            .limit(MAX_RUNS)
            .boxed()
            .collect(Collectors.toSet());
    return chosen.isEmpty()
        ? batch
        : batch.withPoints(
            IntStream.range(0, batch.points().size())
                .parallel()
                .mapToObj(
                    at -> {
                      Point point = batch.points().get(at);
                      return chosen.contains(at) ? withTexts(point, batch.folder()) : point;
                    })
                .toList());
  }

  private static boolean lacksTexts(Point point) {
    return point.alarms().stream().anyMatch(finding -> finding.message().isEmpty());
  }

  private static Point withTexts(Point point, Path folder) {
    CheckResults checks =
        ProcessResult.head(new RunFolder(folder.resolve(point.folder())).processResult())
            .map(Head::checks)
            .filter(CheckResults::isPresent)
            .orElse(point.checks());
    return point.withChecks(checks);
  }
}
