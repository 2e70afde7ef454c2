package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Texts about a batch that several report formats share. */
final class ReportText {

  private ReportText() {}

  /** How many runs completed, such as {@code 3 of 4 runs completed}. */
  static String progress(BatchData batch) {
    return batch.count(Outcome.Counts.COMPLETED) + " of " + batch.total() + " runs completed";
  }

  /** Counts of the outcomes other than succeeded; empty when there are none. */
  static String problems(BatchData batch) {
    List<String> parts = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      long count = batch.count(outcome.value());
      if (outcome != Outcome.SUCCEEDED && count > 0) {
        parts.add(count + " " + outcome.value().replace('_', ' '));
      }
    }
    return String.join(", ", parts);
  }
}
