package dev.caravan.testing;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.FixedRules;
import dev.caravan.config.Overrides;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.plan.Sweep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Batches without folders on disk, for code that does not read those. */
public final class InMemoryBatches {

  private InMemoryBatches() {}

  /** A batch with this name, sequence number of acceptance and sweeps in YAML. */
  public static Batch batch(String name, long sequence, String sweeps) {
    return batch(name, sequence, sweeps, "");
  }

  /** The same with additional config sections in YAML. */
  public static Batch batch(String name, long sequence, String sweeps, String sections) {
    try {
      BenchmarkConfig config =
          FixedRules.read(
              "batch_name: "
                  + name
                  + "\n"
                  + FixedRules.BASE
                  + "sweeps: {"
                  + sweeps
                  + "}\n"
                  + sections);
      Sweep sweep = new Sweep(config);
      return new Batch(
          Path.of("/home-of-plans", name),
          record(name, sequence, config.priority().orElse(4), sweep.runs()),
          config,
          sweep);
    } catch (ConfigRefusedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static BatchRecord record(String name, long sequence, int priority, int runs) {
    return new BatchRecord(
        1,
        name,
        ScratchHome.OWNER,
        "claim" + sequence,
        "2026-11-24T12:00:00+01:00",
        sequence,
        priority,
        name + ".yaml",
        "ann",
        "",
        Overrides.NONE,
        runs,
        Map.of(),
        Map.of(),
        List.of(),
        new BatchRecord.Versions("", "", ""),
        "");
  }
}
