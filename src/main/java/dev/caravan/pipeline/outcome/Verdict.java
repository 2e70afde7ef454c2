package dev.caravan.pipeline.outcome;

import dev.caravan.model.Outcome;
import java.util.List;

/**
 * What is to be said of an attempt.
 *
 * @param outcome how it ended
 * @param cause the class of the failure, as its word; empty when there is none to name
 * @param reasons what happened, in words for people, most telling first; empty when it succeeded
 */
public record Verdict(Outcome outcome, String cause, List<String> reasons) {

  public Verdict {
    reasons = List.copyOf(reasons);
  }
}
