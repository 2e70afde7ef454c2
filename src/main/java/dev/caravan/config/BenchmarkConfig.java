package dev.caravan.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked config.
 *
 * @param batchName name of the batch, used in folder names
 * @param outputBaseDir results folder as written
 * @param base the {@code base_config} with its defaults
 * @param sweeps key to its typed, distinct values, in the order of the config; empty without sweeps
 * @param labels the user's labels, in the order of the config
 * @param execution the sections that say how to execute it, not what to measure
 * @param warnings what is allowed but probably not intended, one line each
 */
public record BenchmarkConfig(
    String batchName,
    String outputBaseDir,
    Parameters base,
    Map<String, List<Object>> sweeps,
    Map<String, String> labels,
    ExecutionSections execution,
    List<String> warnings) {

  public BenchmarkConfig {
    sweeps = Collections.unmodifiableMap(new LinkedHashMap<>(sweeps));
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    warnings = List.copyOf(warnings);
  }

  /**
   * What an attempt sends of these parameters of a run.
   *
   * @param attempt from 1
   */
  public Parameters sent(Parameters parameters, int attempt) {
    return variesPrompts() ? PromptVariation.of(parameters, attempt) : parameters;
  }

  /** How long a run and its phases may take, and when to cancel the rest of the batch. */
  public Limits limits() {
    return execution.limits();
  }

  /** Which failed runs are retried. */
  public Retry retry() {
    return execution.retry();
  }

  /** When the target counts as ready, and how long to wait for it. */
  public ReadinessRules readiness() {
    return execution.readiness();
  }

  /** The run of an earlier batch to execute again; empty for a new batch. */
  public Optional<Rerun> rerun() {
    return execution.rerun();
  }

  /** Priority among the batches of a target, 0 to 9; empty if not set. */
  public OptionalInt priority() {
    return execution.priority();
  }

  /** Settings of checks, by their names. */
  public Map<String, CheckSetting> checks() {
    return execution.checks();
  }

  /** Whether every run and attempt sends prompts of its own. */
  public boolean variesPrompts() {
    return execution.varyPrompts();
  }

  /** The pool of workers that execute its runs. */
  public String pool() {
    return execution.pool();
  }
}
