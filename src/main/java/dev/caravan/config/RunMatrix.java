package dev.caravan.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a batch runs: every variant at every point with every combination of sweep values, as often
 * as it is repeated, but for what is excluded.
 *
 * @param points key to value, the same keys in all of them; empty without {@code points}
 * @param sweeps key to its typed, distinct values, in the order of the config; empty without sweeps
 * @param exclude key to value; a run that has all values of one of these is left out
 * @param perConcurrency key to the number that is multiplied with a run's concurrency
 * @param repeat how often each point is run
 * @param variants by name, the first is the base of comparisons; empty without {@code variants}
 * @param search which of these runs are made, one after the other; empty when all are. Its loads
 *     are the last of the sweeps
 */
public record RunMatrix(
    List<Map<String, Object>> points,
    Map<String, List<Object>> sweeps,
    List<Map<String, Object>> exclude,
    Map<String, Long> perConcurrency,
    Repeat repeat,
    Map<String, Variant> variants,
    Optional<Search> search) {

  /** A single run. */
  public static final RunMatrix SINGLE = ofSweeps(Map.of());

  public RunMatrix {
    points = points.stream().map(RunMatrix::ordered).toList();
    sweeps = ordered(sweeps);
    exclude = exclude.stream().map(RunMatrix::ordered).toList();
    perConcurrency = ordered(perConcurrency);
    variants = ordered(variants);
  }

  /** All combinations of these sweeps, once. */
  public static RunMatrix ofSweeps(Map<String, List<Object>> sweeps) {
    return new RunMatrix(
        List.of(), sweeps, List.of(), Map.of(), Repeat.ONCE, Map.of(), Optional.empty());
  }

  /** The same, with variants. */
  RunMatrix with(Map<String, Variant> others) {
    return new RunMatrix(points, sweeps, exclude, perConcurrency, repeat, others, search);
  }

  /** Whether runs are there to be compared: a cache that one fills must not help another. */
  public boolean isCompared() {
    return repeat.isRepeated() || !variants.isEmpty();
  }

  /**
   * Whether its runs are one queue, whatever their targets: one starts when the one before it has
   * ended.
   */
  public boolean isOneQueue() {
    return !variants.isEmpty() || search.isPresent();
  }

  /**
   * The keys whose values differ between runs of a variant, with all their distinct values: those
   * of {@code points}, then those of {@code sweeps}.
   */
  public Map<String, List<Object>> varied() {
    Map<String, List<Object>> varied = new LinkedHashMap<>();
    for (Map<String, Object> point : points) {
      point.forEach(
          (key, value) -> {
            List<Object> values = varied.computeIfAbsent(key, k -> new ArrayList<>());
            if (!values.contains(value)) {
              values.add(value);
            }
          });
    }
    varied.putAll(sweeps);
    return Collections.unmodifiableMap(varied);
  }

  /**
   * Number of combinations of a point and sweep values, excluded ones too.
   *
   * @throws ArithmeticException if there are more than an int can count
   */
  public int cells() {
    return Math.multiplyExact(Math.max(1, points.size()), combinations());
  }

  /** Which point, from 0, a combination belongs to. */
  int pointOf(int cell) {
    return cell / combinations();
  }

  /** Number of combinations of sweep values. */
  private int combinations() {
    int product = 1;
    for (List<Object> values : sweeps.values()) {
      product = Math.multiplyExact(product, values.size());
    }
    return product;
  }

  /** The values of combination {@code cell} (from 0), the last sweep varying fastest. */
  public Map<String, Object> cell(int cell) {
    int stride = combinations();
    Map<String, Object> values = new LinkedHashMap<>();
    if (!points.isEmpty()) {
      values.putAll(points.get(cell / stride));
    }
    for (Map.Entry<String, List<Object>> sweep : sweeps.entrySet()) {
      stride /= sweep.getValue().size();
      values.put(sweep.getKey(), sweep.getValue().get(cell / stride % sweep.getValue().size()));
    }
    return values;
  }

  /** Whether a combination is left out; takes the same time however many items there are. */
  public IntPredicate exclusion() {
    Map<Set<String>, Set<Map<String, Object>>> byKeys =
        exclude.stream().collect(Collectors.groupingBy(Map::keySet, Collectors.toSet()));
    return cell -> {
      Map<String, Object> values = byKeys.isEmpty() ? Map.of() : cell(cell);
      return byKeys.entrySet().stream()
          .anyMatch(each -> each.getValue().contains(only(values, each.getKey())));
    };
  }

  private static Map<String, Object> only(Map<String, Object> values, Set<String> keys) {
    Map<String, Object> some = new HashMap<>();
    keys.forEach(key -> some.put(key, values.get(key)));
    return some;
  }

  /** The keys and options in which runs differ. */
  public Set<String> differing() {
    Set<String> keys = new HashSet<>();
    varied().forEach((key, values) -> keys.addAll(values.size() > 1 ? Set.of(key) : Set.of()));
    variants.values().forEach(variant -> keys.addAll(variant.keys()));
    return keys;
  }

  /**
   * Every value that a key has in some run.
   *
   * @param base the batch's {@code base_config}
   */
  Set<Object> values(String key, Parameters base) {
    List<Object> varied = varied().get(key);
    Stream<Parameters> bases =
        variants.isEmpty() ? Stream.of(base) : variants.values().stream().map(Variant::base);
    return varied != null
        ? new LinkedHashSet<>(varied)
        : new LinkedHashSet<>(bases.flatMap(each -> each.find(key).stream()).toList());
  }

  private static <K, V> Map<K, V> ordered(Map<K, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
