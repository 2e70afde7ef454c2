package dev.caravan.pipeline.outcome;

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
public record Verdict(Outcome outcome, String cause, List<String> reasons) {

  public Verdict {
    reasons = List.copyOf(reasons);
  }
}
