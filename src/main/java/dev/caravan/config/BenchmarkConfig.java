package dev.caravan.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A checked config.
 *
 * @param batchName name of the batch, used in folder names
 * @param outputBaseDir results folder as written
 * @param base the {@code base_config} with its defaults, as the first variant changes it
 * @param matrix what varies it from run to run
 * @param labels the user's labels, in the order of the config
 * @param execution the sections that say how to execute it, not what to measure
 * @param evaluation the sections that say how to judge what was measured
 * @param warnings what is allowed but probably not intended, one line each
 */
public record BenchmarkConfig(
    String batchName,
    String outputBaseDir,
    Parameters base,
    RunMatrix matrix,
    Map<String, String> labels,
    ExecutionSections execution,
    Evaluation evaluation,
    List<String> warnings) {

  public BenchmarkConfig {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    warnings = List.copyOf(warnings);
  }

  /**
   * The keys whose values differ between the runs of a variant, with all their distinct values, in
   * the order of the config; empty for a single point.
   */
  public Map<String, List<Object>> varied() {
    return matrix.varied();
  }

  /** Every value that a key has in some run. */
  public Set<Object> values(String key) {
    return matrix.values(key, base);
  }

  /** Whether a run of it may have {@linkplain Parameters#hasSecrets secrets}. */
  public boolean hasSecrets() {
    return !values("api_key_env_var").isEmpty()
        || Parameters.ENDPOINTS.stream()
            .flatMap(key -> values(key).stream())
            .anyMatch(endpoint -> !QuerySecrets.of((String) endpoint).isEmpty());
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

  /** The pause after each run before the next one starts. */
  public Duration coolDown() {
    return execution.coolDown();
  }

  /** The commands that run around the batch and its runs. */
  public Map<HookEvent, Hook> hooks() {
    return execution.hooks();
  }

  /** Whether hooks run around runs, so that the target may change from run to run. */
  public boolean hasRunHooks() {
    return hooks().keySet().stream().anyMatch(event -> !event.isOfBatch());
  }

  /** Whether hooks run around the batch. */
  public boolean hasBatchHooks() {
    return hooks().keySet().stream().anyMatch(HookEvent::isOfBatch);
  }

  /** Whether a hook runs before the target is probed, so that it may start it. */
  public boolean mayStartTarget() {
    return hooks().keySet().stream().anyMatch(HookEvent::mayStartTarget);
  }

  /** The pool of workers that execute its runs. */
  public String pool() {
    return execution.pool();
  }
}
