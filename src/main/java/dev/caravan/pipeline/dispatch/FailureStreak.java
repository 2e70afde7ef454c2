package dev.caravan.pipeline.dispatch;

import dev.caravan.config.Limits;
import dev.caravan.model.Batch;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Scope;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Counts a batch's consecutive failures and decides when to cancel the rest: after {@code
 * max_failures} of any kind, after {@code same_cause} with one cause that cannot depend on what is
 * swept, or when nothing has succeeded and one cause has ended even the {@link EasiestRuns}. A
 * cause that may depend on the swept values must not end the batch earlier: a prompt may be too
 * long for one run and not for the next.
 */
final class FailureStreak {

  /** How often a cause that may depend on the swept values must have occurred. */
  private static final int MIN_OTHER_CAUSES = 4;

  /** These say nothing about the runs that follow. */
  private static final Set<String> ACCIDENTS =
      Set.of("", Cause.LOST.value(), Cause.TARGET_LOST.value(), Cause.INTERNAL_ERROR.value());

  private final EasiestRuns easiest;
  private final Limits limits;
  private final Set<String> sweptKeys;

  /** A search is never cancelled here: it ends by itself for the same causes. */
  private final boolean isSearch;

  private int failures;
  private int sameCause;
  private String lastCause = "";
  private boolean anyCompleted;
  private final BooleanSupplier completedEarlier;

  /**
   * A streak of no failures.
   *
   * @param completedEarlier whether a run of the batch completed before it was opened here
   */
  FailureStreak(Batch batch, BooleanSupplier completedEarlier) {
    this.easiest = new EasiestRuns(batch);
    this.completedEarlier = completedEarlier;
    this.limits = batch.config().limits();
    this.isSearch = batch.search().isPresent();
    this.sweptKeys = batch.config().matrix().differing();
  }

  /** Counts the end of a run; the reason to cancel the remaining runs, when there is one. */
  Optional<CancelReason> add(RunReport report) {
    if (report.scope() == Scope.BATCH) {
      return Optional.of(new CancelReason(report.cause(), report.message()));
    }
    if (report.scope() == Scope.COMBINATION // Nothing was executed, and others may work.
        || report.outcome().equals(Outcome.CANCELLED.value())) {
      return Optional.empty();
    }
    count(report);
    if (isSameForAll()) {
      String why = times(sameCause) + ": " + lastCause;
      return Optional.of(new CancelReason(why, report.message()));
    }
    if (limits.maxFailures().isPresent() && failures >= limits.maxFailures().getAsInt()) {
      return Optional.of(new CancelReason(failures + " runs in a row failed", report.message()));
    }
    return Optional.empty();
  }

  private void count(RunReport report) {
    String cause = report.failed() ? report.cause() : "";
    failures = report.failed() ? failures + 1 : 0;
    anyCompleted |= !report.failed();
    if (!cause.equals(lastCause)) {
      sameCause = 0;
      easiest.clear();
    }
    lastCause = cause;
    sameCause++;
    easiest.meet(report.runIndex());
  }

  private boolean isSameForAll() {
    if (isSearch || limits.sameCause() == 0 || sameCause < limits.sameCause()) {
      return false;
    }
    return SystematicCause.concernsAll(lastCause, sweptKeys)
        || !ACCIDENTS.contains(lastCause)
            && sameCause >= MIN_OTHER_CAUSES
            && !anyCompleted
            && !completedEarlier.getAsBoolean()
            && easiest.allMet();
  }

  private static String times(int count) {
    return count == 1
        ? "same cause once"
        : count == 2 ? "same cause twice" : "same cause " + count + " times";
  }
}
