package dev.caravan.observe.report;

import dev.caravan.config.Parameters;
import dev.caravan.pipeline.outcome.CheckedJudgment;
import dev.caravan.pipeline.outcome.EvidenceReader;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.CheckRules;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Workload;
import dev.caravan.storage.RunFolder;
import java.time.Duration;
import java.util.Optional;

/**
 * Checks runs that were recorded without checks, as far as their files allow: those of other
 * programs and of older versions. Writes nothing.
 */
public final class LateChecks {

  /** Nothing is checked. */
  static final LateChecks NONE = new LateChecks(Duration.ZERO);

  private static final Duration BUDGET = Duration.ofSeconds(60);
  private static final CheckResults TOO_LATE =
      Checks.unchecked("the request logs of other runs took " + BUDGET.toSeconds() + " s to read");

  private final Duration budget;
  private final long startNanos = System.nanoTime();

  private LateChecks(Duration budget) {
    this.budget = budget;
  }

  /** Checks for a report that is made now; runs that are reached after a minute are not checked. */
  public static LateChecks now() {
    return new LateChecks(BUDGET);
  }

  /**
   * The workload of a run and the rules for its checks.
   *
   * @param parameters empty if nothing says so
   * @param rules what its config sets about checks
   */
  record Asked(Optional<Parameters> parameters, CheckRules rules) {

    /** For a run of another program, whose config sets no rules. */
    static Asked of(Optional<Parameters> parameters) {
      return new Asked(parameters, CheckRules.DEFAULTS);
    }
  }

  /** Checks a run that has this judgment. */
  CheckedJudgment check(Judgment judgment, RunFolder folder, Asked asked) {
    if (budget.isZero() || !judgment.outcome().isCompleted()) {
      return CheckedJudgment.of(judgment, CheckResults.NONE);
    }
    Duration left = budget.minusNanos(System.nanoTime() - startNanos);
    Workload workload = asked.parameters().map(Workload::new).orElse(Workload.UNKNOWN);
    return CheckedJudgment.of(
        judgment,
        left.isNegative()
            ? TOO_LATE
            : EvidenceReader.read(folder, workload, left)
                .map(evidence -> Checks.examine(evidence, asked.rules()))
                .orElse(CheckResults.NONE));
  }
}
