package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The number of runs of a batch by the level of what a check found in them. Not thread-safe. */
public final class FindingCounts {

  private final Map<String, Map<Level, Integer>> counts = new TreeMap<>();

  /** Nothing was found. */
  public FindingCounts() {}

  @JsonCreator
  FindingCounts(Map<String, Map<Level, Integer>> counts) {
    counts.forEach((id, levels) -> levels.forEach((level, runs) -> add(id, level, runs)));
  }

  @JsonValue
  Map<String, Map<Level, Integer>> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /**
   * What a check found in a batch.
   *
   * @param id the check
   * @param worst its worst level
   * @param runs number of runs in which it found something
   */
  public record Found(
      String id,
      @JsonProperty("level") @JsonFormat(with = JsonFormat.Feature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
          Level worst,
      int runs) {}

  /** Counts the findings of one more run. */
  public void add(List<FoundCheck> checks) {
    checks.forEach(check -> add(check.id(), check.level(), 1));
  }

  /** Takes the findings of a run out of the count. */
  public void remove(List<FoundCheck> checks) {
    checks.forEach(check -> add(check.id(), check.level(), -1));
  }

  private void add(String id, Level level, int runs) {
    Map<Level, Integer> levels = counts.computeIfAbsent(id, key -> new EnumMap<>(Level.class));
    levels.merge(level, runs, Integer::sum);
    levels.values().removeIf(count -> count <= 0);
    counts.values().removeIf(Map::isEmpty);
  }

  /** Number of findings of this level or a worse one. */
  public int of(Level least) {
    return counts.values().stream()
        .flatMap(levels -> levels.entrySet().stream())
        .filter(level -> level.getKey().compareTo(least) >= 0)
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** What was found, the worst first, then in the order of the checks. */
  public List<Found> found() {
    return counts.entrySet().stream()
        .map(check -> found(check.getKey(), check.getValue()))
        .sorted(
            Comparator.comparing(Found::worst)
                .reversed()
                .thenComparing(found -> Checks.position(found.id())))
        .toList();
  }

  private static Found found(String id, Map<Level, Integer> levels) {
    Level worst = levels.keySet().stream().max(Level::compareTo).orElse(Level.NOTE);
    return new Found(id, worst, levels.values().stream().mapToInt(Integer::intValue).sum());
  }

  /** An independent copy. */
  public FindingCounts copy() {
    return new FindingCounts(counts);
  }
}
