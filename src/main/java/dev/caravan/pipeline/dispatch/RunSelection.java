package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Selects runs of a batch, for the command line and for HTTP.
 *
 * @param where values that a run must have, by sweep key
 * @param failed whether to select failed runs only
 */
public record RunSelection(Map<String, String> where, boolean failed) {

  public RunSelection {
    where = new TreeMap<>(where);
  }

  /**
   * The selected runs among those named, or among all of the batch when none are named.
   *
   * @throws ControlRefusedException when none match, or the batch does not sweep one of the keys
   */
  public List<Integer> of(Batch batch, List<Integer> named) throws ControlRefusedException {
    for (String key : where.keySet()) {
      if (!batch.sweep().keys().contains(key)) {
        throw new ControlRefusedException(
            batch.id() + " does not sweep \"" + key + "\"; it sweeps " + batch.sweep().keys());
      }
    }
    List<Integer> candidates = named.isEmpty() ? batch.indexes().boxed().toList() : named;
    List<Integer> selected =
        candidates.stream()
            .filter(index -> matches(batch, index))
            .filter(index -> !failed || isFailed(batch, index))
            .toList();
    if (selected.isEmpty()) {
      throw new ControlRefusedException(
          "no " + (failed ? "failed " : "") + "run of " + batch.id() + " matches");
    }
    return selected;
  }

  private boolean matches(Batch batch, int index) {
    if (where.isEmpty()) {
      return true;
    }
    Map<String, Object> values = batch.sweep().values(index);
    return where.entrySet().stream()
        .allMatch(w -> String.valueOf(values.get(w.getKey())).equals(w.getValue()));
  }

  private static boolean isFailed(Batch batch, int index) {
    return ControlPreconditions.finalResult(batch.run(index))
        .filter(end -> end.status().counts() == Outcome.Counts.FAILED)
        .isPresent();
  }
}
