package dev.caravan.pipeline.outcome;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How bad a run must be for a command, or a test case, to fail. */
public enum FailOn {
  /** It failed, or its numbers mean nothing. */
  FAILED("failed"),
  /** It failed, or was disturbed. */
  DEGRADED("failed or were degraded"),
  /** It failed, was disturbed, or a check warns of its numbers. */
  WARNING("failed, were degraded or have warnings");

  private final String verb;

  FailOn(String verb) {
    this.verb = verb;
  }

  /** What runs that fail did, for a sentence about some of them. */
  public String verb() {
    return verb;
  }

  /** The value on the command line and in URLs, such as {@code warning}. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The constant with this value, if there is one. */
  public static Optional<FailOn> find(String value) {
    return Arrays.stream(values()).filter(each -> each.value().equals(value)).findFirst();
  }

  /**
   * Whether a run fails.
   *
   * @param worst the worst finding of its checks; empty when there is none
   */
  public boolean isFailure(Outcome outcome, Optional<Level> worst) {
    return outcome.counts() == Outcome.Counts.FAILED
        || this != FAILED && outcome == Outcome.DEGRADED
        || this == WARNING && worst.filter(level -> level != Level.NOTE).isPresent();
  }

  /** Whether a run fails. */
  public boolean isFailure(ResultRow row) {
    return isFailure(
        row.outcome(), row.checks().stream().map(FoundCheck::level).max(Comparator.naturalOrder()));
  }

  /**
   * Whether any run of a batch fails. A run that fails under a load is part of what a search finds:
   * a search fails when it has no answer, whichever constant this is.
   */
  public boolean isFailure(BatchSummary summary) {
    return summary
        .search()
        .map(search -> search.unanswered().isPresent())
        .orElseGet(() -> hasFailure(summary));
  }

  private boolean hasFailure(BatchSummary summary) {
    return summary.counters().of(Outcome.Counts.FAILED) > 0
        || this != FAILED && summary.counters().of(Outcome.DEGRADED) > 0
        || this == WARNING && summary.findings().of(Level.WARNING) > 0;
  }
}
