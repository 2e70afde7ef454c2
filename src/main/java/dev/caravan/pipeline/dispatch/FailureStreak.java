package dev.caravan.pipeline.dispatch;

import dev.caravan.config.Limits;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Reach;
import java.util.Optional;
import java.util.Set;

/**
 * Counts the failures in a row of a batch and says when going on is pointless: after {@code
 * max_failures} of any kind, or {@code same_cause} of a kind that the next run will meet as well.
 */
final class FailureStreak {

  private static final Set<String> SYSTEMATIC =
      Set.of(
          "rejected_config",
          "unauthorized",
          "model_not_served",
          "endpoint_not_found",
          "tokenizer_unavailable",
          "all_requests_failed");

  private final Limits limits;
  private int failures;
  private int same;
  private String cause = "";

  FailureStreak(Limits limits) {
    this.limits = limits;
  }

  /** Takes the end of a run in; words when the rest should be cancelled. */
  Optional<String> add(RunReport report) {
    if (report.outcome().equals(Outcome.CANCELLED.value())) {
      return Optional.empty();
    }
    if (report.reach() != Reach.RUN) {
      return report.reach() == Reach.BATCH
          ? Optional.of(report.cause() + ": " + report.message())
          : Optional.empty(); // Nothing was executed, and others may fare better.
    }
    failures = report.failed() ? failures + 1 : 0;
    boolean systematic = report.failed() && SYSTEMATIC.contains(report.cause());
    same = !systematic ? 0 : report.cause().equals(cause) ? same + 1 : 1;
    cause = report.cause();
    if (limits.sameCause() > 0 && same >= limits.sameCause()) {
      return Optional.of(times(same) + ": " + cause + ": " + report.message());
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
