package dev.caravan.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole checked config.
 *
 * @param batchName name of the batch, used in folder names
 * @param outputBaseDir results root as written
 * @param base the {@code base_config} with its defaults
 * @param sweeps key to its typed, distinct values, in the order they were written; empty without
 *     sweeps
 * @param labels the user's own labels, in the order they were written
 * @param warnings what is allowed but worth saying, one line each
 */
public record BenchmarkConfig(
    String batchName,
    String outputBaseDir,
    Parameters base,
    Map<String, List<Object>> sweeps,
    Map<String, String> labels,
    List<String> warnings) {

  public BenchmarkConfig {
    sweeps = Collections.unmodifiableMap(new LinkedHashMap<>(sweeps));
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    warnings = List.copyOf(warnings);
  }

  public Limits limits() {
    return Limits.DEFAULTS;
  }

  public Retry retry() {
    return new Retry(
        2,
        java.util.Set.of("crashed", "incomplete_export", "start_failed"),
        java.time.Duration.ofSeconds(10));
  }

  public java.util.Optional<Rerun> rerun() {
    return java.util.Optional.empty();
  }
}
