package dev.caravan.observe.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The settings of a batch's runs: their parameters, by key of the config.
 *
 * @param common those that all runs share
 * @param own those of each run that not all runs share, in the order of the batch's points; empty
 *     when nothing is known
 */
public record BatchSettings(Map<String, Object> common, List<Map<String, Object>> own) {

  /** Nothing is known. */
  static final BatchSettings NONE = new BatchSettings(Map.of(), List.of());

  /** Number of runs whose settings are kept; more would fill the memory. */
  static final int MAX_RUNS = 20_000;

  public BatchSettings {
    common = Collections.unmodifiableMap(new LinkedHashMap<>(common));
    own = List.copyOf(own);
  }

  /** The settings of runs with these parameters. */
  static BatchSettings of(List<Map<String, Object>> runs) {
    if (runs.stream().allMatch(Map::isEmpty)) {
      return NONE;
    }
    Map<String, Object> common = new LinkedHashMap<>(runs.get(0));
    runs.forEach(run -> common.entrySet().removeIf(each -> !has(run, each)));
    List<Map<String, Object>> own = new ArrayList<>();
    for (Map<String, Object> run : runs) {
      Map<String, Object> rest = new LinkedHashMap<>(run);
      rest.keySet().removeAll(common.keySet());
      own.add(rest);
    }
    return new BatchSettings(common, own);
  }

  private static boolean has(Map<String, Object> run, Map.Entry<String, Object> setting) {
    return run.containsKey(setting.getKey())
        && Objects.equals(run.get(setting.getKey()), setting.getValue());
  }

  /** The settings of the run at this position of the batch's points; empty when unknown. */
  Map<String, Object> own(int point) {
    return point < own.size() ? own.get(point) : Map.of();
  }
}
