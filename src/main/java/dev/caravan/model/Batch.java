package dev.caravan.model;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.model.plan.Sweep;
import java.nio.file.Path;

/**
 * One accepted config and its folder.
 *
 * @param folder an absolute path
 * @param record its batch.json
 * @param config the config, read again from the folder
 * @param sweep its runs
 */
public record Batch(Path folder, BatchRecord record, BenchmarkConfig config, Sweep sweep) {

  /** The config inside a batch folder. */
  public static final String CONFIG = "config.yaml";

  /** The plan inside a batch folder. */
  public static final String RECORD = "batch.json";

  public String id() {
    return record.id();
  }

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
