package dev.caravan.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A whole checked config.
 *
 * @param batchName name of the batch, used in folder names
 * @param outputBaseDir results root as written
 * @param base the {@code base_config} with its defaults
 * @param sweeps key to its typed, distinct values, in the order they were written; empty without
 *     sweeps
 * @param labels the user's own labels, in the order they were written
 * @param own Caravan's own sections: how to run it, not what to measure
 * @param warnings what is allowed but worth saying, one line each
 */
public record BenchmarkConfig(
    String batchName,
    String outputBaseDir,
    Parameters base,
    Map<String, List<Object>> sweeps,
    Map<String, String> labels,
    ExecutionSections own,
    List<String> warnings) {

  public BenchmarkConfig {
    sweeps = Collections.unmodifiableMap(new LinkedHashMap<>(sweeps));
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    warnings = List.copyOf(warnings);
  }

  /** How long a run and its phases may take, and when the rest of the batch is given up. */
  public Limits limits() {
    return own.limits();
  }

  /** Which failed runs are tried again. */
  public Retry retry() {
    return own.retry();
  }

  /** What makes the target ready, and how long to wait for it. */
  public ReadinessRules readiness() {
    return own.readiness();
  }

  /** The one run of an earlier batch that this config asks for again; empty for all its runs. */
  public Optional<Rerun> rerun() {
    return own.rerun();
  }

  /** Where it stands among batches of the same target, 0 to 9; empty when not given. */
  public OptionalInt priority() {
    return own.priority();
  }

  /** Which workers take its runs, where there are several. */
  public String pool() {
    return own.pool();
  }
}
