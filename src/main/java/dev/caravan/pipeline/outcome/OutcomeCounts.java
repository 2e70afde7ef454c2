package dev.caravan.pipeline.outcome;

import dev.caravan.model.Outcome;
import java.util.EnumMap;
import java.util.Map;

/** How many runs of a batch ended in which way. Not thread-safe. */
public final class OutcomeCounts {

  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

  /** No runs yet. */
  public OutcomeCounts() {
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, 0);
    }
  }

  /** Counts one run more. */
  public void add(Outcome outcome) {
    add(outcome, 1);
  }

  void add(Outcome outcome, int runs) {
    counts.merge(outcome, runs, Integer::sum);
  }

  /** Takes one run back, which ended in another way in the end. */
  public void remove(Outcome outcome) {
    add(outcome, -1);
  }

  /** How many runs ended in this way. */
  public int of(Outcome outcome) {
    return counts.get(outcome);
  }

  /** How many runs count as completed, as failed, or as neither. */
  public int of(Outcome.Counts kind) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().counts() == kind)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** How many runs ended at all. */
  public int ended() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The same counts, on their own. */
  public OutcomeCounts copy() {
    OutcomeCounts copy = new OutcomeCounts();
    copy.counts.putAll(counts);
    return copy;
  }
}
