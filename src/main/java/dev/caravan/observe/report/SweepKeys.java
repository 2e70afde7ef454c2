package dev.caravan.observe.report;

import dev.caravan.config.ConfigKeys;
import dev.caravan.config.Parameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sweep keys of a batch and the roles that they have in plots.
 *
 * @param batch the batch
 * @param load position of the numeric key that varies the load; empty when none is numeric
 * @param category position of the first non-numeric key; empty when all are numeric
 */
record SweepKeys(BatchData batch, Optional<Integer> load, Optional<Integer> category) {

  static SweepKeys of(BatchData batch) {
    List<Integer> numeric = new ArrayList<>();
    Optional<Integer> category = Optional.empty();
    for (int key = 0; key < batch.keys().size(); key++) {
      if (batch.isNumeric(key)) {
        numeric.add(key);
      } else if (category.isEmpty()) {
        category = Optional.of(key);
      }
    }
    Optional<Integer> load =
        ConfigKeys.LOADS.stream().map(batch.keys()::indexOf).filter(numeric::contains).findFirst();
    Optional<Integer> mostValues =
        numeric.stream().max(Comparator.comparingInt(key -> distinct(batch, key).size()));
    return new SweepKeys(batch, load.or(() -> mostValues), category);
  }

  /** The distinct values of a key, in run order. */
  Set<Object> values(int key) {
    return distinct(batch, key);
  }

  private static Set<Object> distinct(BatchData batch, int key) {
    return batch.points().stream()
        .map(point -> point.values().get(key))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The values of all keys but this one. */
  List<Object> others(Point point, int excluded) {
    return IntStream.range(0, batch.keys().size())
        .filter(key -> key != excluded)
        .mapToObj(key -> point.values().get(key))
        .toList();
  }

  /** A name for these values of all keys but this one; empty when there is no other key. */
  String label(List<Object> others, int excluded) {
    List<String> names = new ArrayList<>();
    int at = 0;
    for (int key = 0; key < batch.keys().size(); key++) {
      if (key != excluded) {
        names.add(batch.keys().get(key) + " " + others.get(at++));
      }
    }
    return String.join(", ", names);
  }

  /** Orders positions in the batch's points by the value of this key, or by run order. */
  Comparator<Integer> orderBy(int key) {
    return key >= 0 && batch.isOrdered(key)
        ? Comparator.comparingDouble(p -> number(batch.points().get(p), key).getAsDouble())
        : Comparator.naturalOrder();
  }

  /** A value as a number, which a rate without a limit is above all others; empty for a word. */
  static OptionalDouble number(Point point, int key) {
    Object value = point.values().get(key);
    if (value instanceof Number number) {
      return OptionalDouble.of(number.doubleValue());
    }
    return Parameters.UNLIMITED.equals(value)
        ? OptionalDouble.of(Double.POSITIVE_INFINITY)
        : OptionalDouble.empty();
  }
}
