package dev.caravan.pipeline.dispatch;

import dev.caravan.config.ConfigKeys;
import dev.caravan.model.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The runs of a batch that ask least of the target: of each variant and combination of the other
 * values that vary, the one with the lowest load and the shortest requests. When these fail, the
 * rest fails too.
 */
final class EasiestRuns {

  /** Keys whose higher values ask more of the target. */
  private static final Set<String> LOAD =
      new TreeSet<>(
          Set.of(
              ConfigKeys.CONCURRENCY,
              ConfigKeys.REQUEST_RATE,
              "prompt_input_tokens_mean",
              "prompt_output_tokens_mean"));

  private final Batch batch;
  private final BitSet met = new BitSet();

  /** Computed on first use: most batches never fail like that. */
  private Optional<BitSet> easiest = Optional.empty();

  EasiestRuns(Batch batch) {
    this.batch = batch;
  }

  /** Remembers a run; of several repeats, one is enough. */
  void meet(int index) {
    met.set(batch.sweep().group(index));
  }

  /** Forgets which were met. */
  void clear() {
    met.clear();
  }

  /** Whether all of them were met; false when points leave none that is easiest in every way. */
  boolean allMet() {
    BitSet needed = easiest.orElseGet(this::find);
    easiest = Optional.of(needed);
    BitSet missing = (BitSet) needed.clone();
    missing.andNot(met);
    return !needed.isEmpty() && missing.isEmpty();
  }

  /** Their groups; none when some combination has no such run. */
  private BitSet find() {
    Map<List<Object>, double[]> lowest = new HashMap<>();
    batch.indexes().forEach(index -> lowest.merge(others(index), amounts(index), EasiestRuns::min));
    BitSet found = new BitSet();
    Set<List<Object>> combinations = new HashSet<>();
    batch
        .indexes()
        .filter(index -> Arrays.equals(lowest.get(others(index)), amounts(index)))
        .forEach(
            index -> {
              found.set(batch.sweep().group(index));
              combinations.add(others(index));
            });
    return combinations.size() == lowest.size() ? found : new BitSet();
  }

  /** The variant of a run, and its values that are no load. */
  private List<Object> others(int index) {
    Map<String, Object> values = batch.sweep().values(index);
    List<Object> others = new ArrayList<>(List.of(batch.sweep().place(index).variant()));
    values.forEach((key, value) -> others.addAll(LOAD.contains(key) ? List.of() : List.of(value)));
    return others;
  }

  private double[] amounts(int index) {
    Map<String, Object> values = batch.sweep().values(index);
    return LOAD.stream().mapToDouble(key -> amount(values.getOrDefault(key, 0))).toArray();
  }

  /** A rate without a limit is the highest. */
  private static double amount(Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.POSITIVE_INFINITY;
  }

  private static double[] min(double[] one, double[] other) {
    double[] lowest = one.clone();
    for (int at = 0; at < lowest.length; at++) {
      lowest[at] = Math.min(one[at], other[at]);
    }
    return lowest;
  }
}
