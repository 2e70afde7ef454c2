package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys whose values tell the runs of a batch apart in reports: its variant, what varies, and
 * which repeat it is, where a batch has variants and repeats.
 */
final class RunColumns {

  static final String VARIANT = "variant";
  static final String REPEAT = "repeat";

  private RunColumns() {}

  /** The keys of a batch. */
  static List<String> keys(Batch batch) {
    List<String> keys = new ArrayList<>(batch.sweep().keys());
    if (hasVariants(batch)) {
      keys.add(0, VARIANT);
    }
    if (hasRepeats(batch)) {
      keys.add(REPEAT);
    }
    return keys;
  }

  /** The value of each key. */
  static List<Object> values(Run run) {
    List<Object> values = new ArrayList<>(run.sweepValues().values());
    if (hasVariants(run.batch())) {
      values.add(0, run.place().variant());
    }
    if (hasRepeats(run.batch())) {
      values.add((long) run.place().repeat());
    }
    return values;
  }

  /** What belongs to keys that vary within a variant: without its variant and repeat. */
  static <T> List<T> varied(List<String> keys, List<T> all) {
    int from = keys.indexOf(VARIANT) == 0 ? 1 : 0;
    int to = keys.lastIndexOf(REPEAT) == keys.size() - 1 ? keys.size() - 1 : keys.size();
    return all.subList(from, Math.max(from, to));
  }

  private static boolean hasVariants(Batch batch) {
    return !batch.config().matrix().variants().isEmpty();
  }

  private static boolean hasRepeats(Batch batch) {
    return batch.config().matrix().repeat().isRepeated();
  }
}
