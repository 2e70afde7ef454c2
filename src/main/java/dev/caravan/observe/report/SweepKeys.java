package dev.caravan.observe.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sweep keys of a batch as plots see them.
 *
 * @param batch the batch
 * @param main the numeric key that stands for load; empty when none is numeric
 * @param category the first key that is no number; empty when all are
 */
record SweepKeys(BatchData batch, Optional<Integer> main, Optional<Integer> category) {

  /** Keys that mean load, the most telling first. */
  private static final List<String> LOAD = List.of("concurrency", "request_rate");

  static SweepKeys of(BatchData batch) {
    List<Integer> numeric = new ArrayList<>();
    Optional<Integer> category = Optional.empty();
    for (int key = 0; key < batch.keys().size(); key++) {
      if (batch.numeric(key)) {
        numeric.add(key);
      } else if (category.isEmpty()) {
        category = Optional.of(key);
      }
    }
    Optional<Integer> load =
        LOAD.stream().map(batch.keys()::indexOf).filter(numeric::contains).findFirst();
    Optional<Integer> most =
        numeric.stream().max(Comparator.comparingInt(key -> distinct(batch, key).size()));
    return new SweepKeys(batch, load.or(() -> most), category);
  }

  /** The different values of a key, in the order of the runs. */
  Set<Object> values(int key) {
    return distinct(batch, key);
  }

  private static Set<Object> distinct(BatchData batch, int key) {
    return batch.points().stream()
        .map(point -> point.values().get(key))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The values of all keys but this one. */
  List<Object> others(Point point, int main) {
    return IntStream.range(0, batch.keys().size())
        .filter(key -> key != main)
        .mapToObj(key -> point.values().get(key))
        .toList();
  }

  /** These values of all keys but this one, as a name; empty when there are no others. */
  String label(List<Object> others, int main) {
    List<String> names = new ArrayList<>();
    int at = 0;
    for (int key = 0; key < batch.keys().size(); key++) {
      if (key != main) {
        names.add(batch.keys().get(key) + " " + others.get(at++));
      }
    }
    return String.join(", ", names);
  }

  /** The order of positions in the batch's points along this key. */
  Comparator<Integer> along(int main) {
    return main >= 0 && batch.numeric(main)
        ? Comparator.comparingDouble(p -> number(batch.points().get(p), main))
        : Comparator.naturalOrder();
  }

  private static double number(Point point, int key) {
    return ((Number) point.values().get(key)).doubleValue();
  }
}
