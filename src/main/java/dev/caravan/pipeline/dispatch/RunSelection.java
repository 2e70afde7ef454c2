package dev.caravan.pipeline.dispatch;

import dev.caravan.config.ConfigKeys;
import dev.caravan.config.text.DisplayText;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Sweep;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Selects runs of a batch, for the command line and for HTTP.
 *
 * @param where what a run must have: a value that varies, by its key or the key's short name, its
 *     variant, point or repeat
 * @param ends which runs are selected by how they ended
 */
public record RunSelection(Map<String, String> where, Ends ends) {

  private static final String VARIANT = "variant";
  private static final String POINT = "point";
  private static final String REPEAT = "repeat";

  public RunSelection {
    where = new TreeMap<>(where);
  }

  /** Runs by how they ended. */
  public enum Ends {
    /** All runs. */
    ANY,
    /** Runs that failed. */
    FAILED,
    /** Runs that have not ended. */
    NONE
  }

  /**
   * The selected runs among those named, or among all of the batch when none are named.
   *
   * @throws ControlRefusedException when none match, or the batch has nothing of a key to select by
   */
  public List<Integer> of(Batch batch, List<Integer> named) throws ControlRefusedException {
    List<String> known = keys(batch.sweep());
    for (String key : where.keySet()) {
      if (!known.contains(ConfigKeys.fullName(key))) {
        throw new ControlRefusedException(
            "the runs of %s do not differ in %s; they differ in %s"
                .formatted(batch.id(), DisplayText.quoted(key), known));
      }
    }
    List<Integer> candidates = named.isEmpty() ? candidates(batch) : named;
    List<Integer> selected =
        candidates.stream()
            .filter(index -> matches(batch.sweep(), index))
            .filter(index -> endsSo(batch, index))
            .toList();
    if (selected.isEmpty()) {
      throw new ControlRefusedException("no " + kind() + "run of " + batch.id() + " matches");
    }
    return selected;
  }

  /** All runs; of a search, those that it has made. */
  private static List<Integer> candidates(Batch batch) {
    boolean isSearch = batch.search().isPresent();
    return batch
        .indexes()
        .filter(index -> !isSearch || Files.exists(batch.run(index).folder()))
        .boxed()
        .toList();
  }

  /** The keys that runs of this batch can be selected by. */
  private static List<String> keys(Sweep sweep) {
    List<String> keys = new ArrayList<>(sweep.keys());
    if (!sweep.keys().isEmpty()) {
      keys.add(POINT);
    }
    if (sweep.isCompared()) {
      keys.addAll(List.of(VARIANT, REPEAT));
    }
    return keys;
  }

  private boolean matches(Sweep sweep, int index) {
    return where.entrySet().stream()
        .allMatch(each -> value(sweep, index, each.getKey()).equals(each.getValue()));
  }

  private static String value(Sweep sweep, int index, String key) {
    return switch (key) {
      case VARIANT -> sweep.place(index).variant();
      case POINT -> sweep.place(index).point();
      case REPEAT -> Integer.toString(sweep.place(index).repeat());
      default -> String.valueOf(sweep.values(index).get(ConfigKeys.fullName(key)));
    };
  }

  private boolean endsSo(Batch batch, int index) {
    return switch (ends) {
      case ANY -> true;
      case FAILED ->
          ControlPreconditions.finalResult(batch.run(index))
              .filter(end -> end.status().counts() == Outcome.Counts.FAILED)
              .isPresent();
      case NONE -> ControlPreconditions.finalResult(batch.run(index)).isEmpty();
    };
  }

  private String kind() {
    return switch (ends) {
      case ANY -> "";
      case FAILED -> "failed ";
      case NONE -> "unfinished ";
    };
  }
}
