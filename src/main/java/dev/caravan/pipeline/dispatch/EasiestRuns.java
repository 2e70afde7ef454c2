package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The runs of a batch that ask least of the target: of each combination of the other swept values,
 * the one with the lowest load and the shortest requests. When these fail, the rest fails too.
 */
final class EasiestRuns {

  /** Keys whose higher values ask more of the target. */
  private static final Set<String> LOAD =
      Set.of(
          "concurrency", "request_rate", "prompt_input_tokens_mean", "prompt_output_tokens_mean");

  private final Batch batch;
  private final Map<String, Double> lowest = new HashMap<>();
  private final Set<Integer> met = new HashSet<>();
  private final int count;

  EasiestRuns(Batch batch) {
    this.batch = batch;
    batch
        .config()
        .varied()
        .forEach(
            (key, values) -> {
              if (LOAD.contains(key)) {
                lowest.put(key, lowest(values));
              }
            });
    this.count = (int) batch.indexes().filter(this::isEasiest).map(this::group).distinct().count();
  }

  private static double lowest(List<Object> values) {
    return values.stream()
        .map(EasiestRuns::amount)
        .min(Comparator.naturalOrder())
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** A rate without a limit is the highest. */
  private static double amount(Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.POSITIVE_INFINITY;
  }

  /** Remembers this run if it is one of them. */
  void meet(int index) {
    if (isEasiest(index)) {
      met.add(group(index));
    }
  }

  private boolean isEasiest(int index) {
    Map<String, Object> values = batch.sweep().values(index);
    return lowest.entrySet().stream()
        .allMatch(key -> amount(values.get(key.getKey())) == key.getValue());
  }

  /** Of several repeats, one is enough. */
  private int group(int index) {
    return batch.sweep().group(index);
  }

  /** Forgets which were met. */
  void clear() {
    met.clear();
  }

  /** Whether all were met; false when points leave none that is easiest in every way. */
  boolean allMet() {
    return count > 0 && met.size() == count;
  }
}
