package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.caravan.model.Outcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The number of runs of a batch by outcome. Not thread-safe. */
public final class OutcomeCounts {

  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);

  /** All counts are 0. */
  public OutcomeCounts() {
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, 0);
    }
  }

  @JsonCreator
  OutcomeCounts(Map<Outcome, Integer> counts) {
    this();
    counts.forEach((outcome, runs) -> this.counts.put(outcome, Objects.requireNonNull(runs)));
  }

  @JsonValue
  Map<Outcome, Integer> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /** Counts one more run. */
  public void add(Outcome outcome) {
    add(outcome, 1);
  }

  void add(Outcome outcome, int runs) {
    counts.merge(outcome, runs, Integer::sum);
  }

  /** Takes one run out of the count, for example because it runs again. */
  public void remove(Outcome outcome) {
    add(outcome, -1);
  }

  /** Number of runs with this outcome. */
  public int of(Outcome outcome) {
    return counts.get(outcome);
  }

  /** Number of runs that count as completed, as failed, or as neither. */
  public int of(Outcome.Counts kind) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().counts() == kind)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** Number of runs that have numbers, whatever they are worth. */
  public int withNumbers() {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().hasNumbers())
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** Number of runs that have ended. */
  public int ended() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** An independent copy. */
  public OutcomeCounts copy() {
    OutcomeCounts copy = new OutcomeCounts();
    copy.counts.putAll(counts);
    return copy;
  }
}
