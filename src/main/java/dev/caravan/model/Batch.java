package dev.caravan.model;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.model.plan.Sweep;
import java.nio.file.Path;

/**
 * An accepted config, its runs and its folder.
 *
 * @param folder an absolute path
 * @param record the content of its batch.json
 * @param config the config, as read from the batch folder
 * @param sweep its runs
 */
public record Batch(Path folder, BatchRecord record, BenchmarkConfig config, Sweep sweep) {

  /** {@code <batch_name>/<timestamp>}. */
  public String id() {
    return record.id();
  }

  /** Number of runs. */
  public int size() {
    return sweep.size();
  }

  /** Run {@code index}, from 0. */
  public Run run(int index) {
    if (index < 0 || index >= size()) {
      throw new IllegalArgumentException(id() + " has no run " + index + ": it has " + size());
    }
    return new Run(this, index);
  }
}
