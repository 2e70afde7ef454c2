package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import java.util.ArrayList;
import java.util.List;

/** What a report says of a batch in words. */
final class ReportText {

  private ReportText() {}

  /** How much of the batch is done. */
  static String counts(BatchData batch) {
    return batch.count(Outcome.Counts.COMPLETED) + " of " + batch.total() + " runs completed";
  }

  /** What did not go well; empty when all did. */
  static String bad(BatchData batch) {
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
