package dev.caravan.pipeline.outcome;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import java.util.List;

/**
 * The outcome of an attempt, with its cause and reasons.
 *
 * @param outcome how the attempt ended
 * @param cause the cause of a failure, such as {@code target_lost}; empty when there is none
 * @param reasons messages for users, most important first; of an attempt that succeeded, what
 *     aiperf warns of
 */
public record Judgment(Outcome outcome, String cause, List<String> reasons) {

  public Judgment {
    reasons = List.copyOf(reasons);
  }

  /** A failure with this cause and reason. */
  public static Judgment failed(Cause cause, String reason) {
    return Judgments.failed(cause, List.of(reason));
  }

  /** The judgment on an attempt whose process could not be started. */
  public static Judgment notStarted(String why) {
    return failed(Cause.START_FAILED, "aiperf could not be started: " + why);
  }
}
