package dev.caravan.pipeline.outcome;

import dev.caravan.config.ConfigKeys;
import dev.caravan.config.Parameters;
import dev.caravan.config.Slo;
import dev.caravan.model.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How many runs of a batch keep the bounds of its config, and up to which load.
 *
 * @param kept number of runs that keep all of them
 * @param missed number of runs that miss one
 * @param unknown number of runs that ended and may or may not keep all of them
 * @param highest the highest load of each combination of the other values; none when the load does
 *     not vary
 */
public record SloSummary(int kept, int missed, int unknown, List<Highest> highest) {

  private static final int MAX_HIGHEST = 100;
  private static final Pattern NUMBER =
      Pattern.compile("\\d{1,15}(?:\\.\\d{1,15})?(?:[eE]-?\\d{1,2})?");

  public SloSummary {
    highest = highest == null ? List.of() : List.copyOf(highest);
  }

  /**
   * The highest load at which a run keeps the bounds: a plain maximum over the runs.
   *
   * @param variant the variant; empty without variants
   * @param at the values of the other keys
   * @param key the key that sets the load
   * @param load the highest load, infinite for a rate without a limit; empty when no run keeps the
   *     bounds
   * @param kept number of runs with this load that succeeded and keep them
   * @param runs number of runs with this load that succeeded, miss them, or failed by the load
   * @param missedBelow lower loads with such runs, of which none keeps them
   */
  public record Highest(
      String variant,
      Map<String, Object> at,
      String key,
      Optional<Double> load,
      int kept,
      int runs,
      List<Double> missedBelow) {

    public Highest {
      variant = Objects.toString(variant, "");
      at = new LinkedHashMap<>(at == null ? Map.of() : at);
      load = load == null ? Optional.empty() : load;
      missedBelow = missedBelow == null ? List.of() : List.copyOf(missedBelow);
    }
  }

  /**
   * A run that has ended.
   *
   * @param variant the variant; empty without variants
   * @param values its values, in the order of the keys
   * @param outcome how it ended: only one that succeeded keeps the bounds at its load
   * @param state whether its numbers keep the bounds
   * @param failedByLoad whether it failed because the service cannot handle the load
   */
  public record Judged(
      String variant,
      List<Object> values,
      Outcome outcome,
      SloResult.State state,
      boolean failedByLoad) {

    private boolean keeps() {
      return outcome == Outcome.SUCCEEDED && state == SloResult.State.KEPT;
    }

    /** A degraded run that is within the bounds says nothing, as one that failed otherwise. */
    private boolean counts() {
      return outcome == Outcome.SUCCEEDED || state == SloResult.State.MISSED || failedByLoad;
    }
  }

  /** The summary of these rows; empty without bounds. */
  public static Optional<SloSummary> of(
      List<String> keys, List<Slo> bounds, Collection<ResultRow> rows) {
    if (bounds.isEmpty()) {
      return Optional.empty();
    }
    SearchEndings endings = new SearchEndings(bounds);
    return Optional.of(
        of(
            keys,
            rows.stream()
                .map(
                    row ->
                        new Judged(
                            row.place().variant(),
                            row.sweep(),
                            row.outcome(),
                            SloResult.of(bounds, row).state(),
                            endings.failedByLoad(row.outcome(), row.cause(), row.checks())))
                .toList()));
  }

  /** The summary of these runs. */
  public static SloSummary of(List<String> keys, List<Judged> runs) {
    return new SloSummary(
        count(runs, SloResult.State.KEPT),
        count(runs, SloResult.State.MISSED),
        count(runs, SloResult.State.UNKNOWN),
        loadKey(keys, runs).map(key -> highest(keys, key, runs)).orElse(List.of()));
  }

  private static int count(List<Judged> runs, SloResult.State state) {
    return (int) runs.stream().filter(run -> run.state() == state).count();
  }

  /** Position of the key that sets the load. */
  private static Optional<Integer> loadKey(List<String> keys, List<Judged> runs) {
    return ConfigKeys.LOADS.stream()
        .map(keys::indexOf)
        .filter(key -> key >= 0)
        .filter(key -> runs.stream().allMatch(run -> number(run.values().get(key)).isPresent()))
        .findFirst();
  }

  /** A value of a config, or as text of a table; a rate without a limit is above all others. */
  private static OptionalDouble number(Object value) {
    if (value instanceof Number number) {
      return OptionalDouble.of(number.doubleValue());
    }
    if (value.equals(Parameters.UNLIMITED)) {
      return OptionalDouble.of(Double.POSITIVE_INFINITY);
    }
    return value instanceof String text && NUMBER.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }

  /** What the runs of a load say. */
  private static final class Load {
    private int kept;
    private int runs;
  }

  private static List<Highest> highest(List<String> keys, int key, List<Judged> runs) {
    Map<List<Object>, TreeMap<Double, Load>> groups = new LinkedHashMap<>();
    for (Judged run : runs) {
      List<Object> group = new ArrayList<>(run.values());
      double load = number(group.remove(key)).orElseThrow();
      group.add(run.variant());
      TreeMap<Double, Load> loads = groups.computeIfAbsent(group, g -> new TreeMap<>());
      if (run.counts()) {
        Load at = loads.computeIfAbsent(load, l -> new Load());
        at.runs++;
        at.kept += run.keeps() ? 1 : 0;
      }
    }
    List<String> others = new ArrayList<>(keys);
    others.remove(key);
    return groups.entrySet().stream()
        .limit(MAX_HIGHEST)
        .map(group -> highest(others, group.getKey(), keys.get(key), group.getValue()))
        .toList();
  }

  private static Highest highest(
      List<String> others, List<Object> group, String key, TreeMap<Double, Load> loads) {
    Map<String, Object> at = new LinkedHashMap<>();
    for (int i = 0; i < others.size(); i++) {
      at.put(others.get(i), group.get(i));
    }
    String variant = (String) group.get(others.size());
    Optional<Double> highest =
        loads.descendingMap().entrySet().stream()
            .filter(load -> load.getValue().kept > 0)
            .map(Map.Entry::getKey)
            .findFirst();
    Optional<Load> there = highest.map(loads::get);
    List<Double> missedBelow =
        highest.stream()
            .flatMap(load -> loads.headMap(load).entrySet().stream())
            .filter(load -> load.getValue().kept == 0)
            .map(Map.Entry::getKey)
            .toList();
    return new Highest(
        variant,
        at,
        key,
        highest,
        there.map(load -> load.kept).orElse(0),
        there.map(load -> load.runs).orElse(0),
        missedBelow);
  }
}
