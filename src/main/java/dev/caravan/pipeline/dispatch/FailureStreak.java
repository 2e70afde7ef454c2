package dev.caravan.pipeline.dispatch;

import dev.caravan.config.Limits;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Scope;
import java.util.Optional;
import java.util.Set;

/**
 * Counts a batch's consecutive failures and decides when to cancel the rest: after {@code
 * max_failures} of any kind, or after {@code same_cause} with one cause that the next run would hit
 * as well.
 */
final class FailureStreak {

  private static final Set<String> SYSTEMATIC_CAUSES =
      Set.of(
          "rejected_config",
          "unauthorized",
          "model_not_served",
          "endpoint_not_found",
          "tokenizer_unavailable",
          "all_requests_failed");

  private final Limits limits;
  private int failures;
  private int sameCause;
  private String lastCause = "";

  FailureStreak(Limits limits) {
    this.limits = limits;
  }

  /** Counts the end of a run; the reason to cancel the remaining runs, when there is one. */
  Optional<String> add(RunReport report) {
    if (report.outcome().equals(Outcome.CANCELLED.value())) {
      return Optional.empty();
    }
    if (report.scope() != Scope.RUN) {
      return report.scope() == Scope.BATCH
          ? Optional.of(report.cause() + ": " + report.message())
          : Optional.empty(); // Nothing was executed, and other combinations may work.
    }
    failures = report.failed() ? failures + 1 : 0;
    boolean systematic = report.failed() && SYSTEMATIC_CAUSES.contains(report.cause());
    sameCause = !systematic ? 0 : report.cause().equals(lastCause) ? sameCause + 1 : 1;
    lastCause = report.cause();
    if (limits.sameCause() > 0 && sameCause >= limits.sameCause()) {
      return Optional.of(times(sameCause) + ": " + lastCause + ": " + report.message());
    }
    if (limits.maxFailures().isPresent() && failures >= limits.maxFailures().getAsInt()) {
      return Optional.of(failures + " runs in a row failed, the last one: " + report.message());
    }
    return Optional.empty();
  }

  private static String times(int count) {
    return count == 1
        ? "same cause once"
        : count == 2 ? "same cause twice" : "same cause " + count + " times";
  }
}
