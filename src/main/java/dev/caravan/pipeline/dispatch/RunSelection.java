package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which runs of a batch are meant, for the command and for HTTP alike.
 *
 * @param where values of sweep keys that a run must have
 * @param failed whether only failed runs are meant
 */
public record RunSelection(Map<String, String> where, boolean failed) {

  public RunSelection {
    where = new TreeMap<>(where);
  }

  /**
   * Those of these runs that are meant; of all of the batch when none are named.
   *
   * @throws ControlRefusedException when none are, or when the batch does not sweep such a key
   */
  public List<Integer> of(Batch batch, List<Integer> named) throws ControlRefusedException {
    for (String key : where.keySet()) {
      if (!batch.sweep().keys().contains(key)) {
        throw new ControlRefusedException(
            batch.id() + " does not sweep \"" + key + "\" but " + batch.sweep().keys());
      }
    }
    List<Integer> among =
        named.isEmpty() ? IntStream.range(0, batch.size()).boxed().toList() : named;
    List<Integer> chosen =
        among.stream()
            .filter(index -> matches(batch, index))
            .filter(index -> !failed || isFailed(batch, index))
            .toList();
    if (chosen.isEmpty()) {
      throw new ControlRefusedException(
          "no " + (failed ? "failed " : "") + "run of " + batch.id() + " is meant");
    }
    return chosen;
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
    return ControlPreconditions.end(batch.run(index))
        .filter(end -> end.status().counts() == Outcome.Counts.FAILED)
        .isPresent();
  }
}
