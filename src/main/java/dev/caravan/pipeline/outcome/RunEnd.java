package dev.caravan.pipeline.outcome;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.storage.RunFolder;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended, according to its folder, for those who follow its batch: a table of results
 * keeps neither reasons nor the messages of checks.
 *
 * @param reason the most important reason
 */
public record RunEnd(
    Outcome outcome, int attempt, Optional<String> reason, List<FoundCheck> checks) {

  public RunEnd {
    checks = List.copyOf(checks);
  }

  /** How a run ended; empty while it has not. */
  public static Optional<RunEnd> read(Run run) {
    return ProcessResult.head(new RunFolder(run.folder()).processResult())
        .filter(ProcessResult.Head::isFinal)
        .map(RunEnd::of);
  }

  static RunEnd of(ProcessResult.Head head) {
    return new RunEnd(
        head.status(),
        head.attempt(),
        head.reasons().stream().findFirst(),
        head.checks().findings().stream().map(FoundCheck::of).toList());
  }
}
