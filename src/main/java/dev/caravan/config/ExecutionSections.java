package dev.caravan.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The sections of a config that say how to execute it, not what to measure.
 *
 * @param limits how long a run and its phases may take
 * @param retry which failed runs are retried
 * @param readiness when the target counts as ready
 * @param rerun the run of an earlier batch to execute again; empty for a new batch
 * @param pool the pool of workers that execute its runs
 * @param priority priority among the batches of a target, 0 to 9; empty if not set
 * @param checks settings of checks, by their names
 * @param varyPrompts whether every run and attempt sends prompts of its own
 * @param coolDown pause after each run before the next one starts
 * @param hooks the commands that run around the batch and its runs, by name
 */
public record ExecutionSections(
    Limits limits,
    Retry retry,
    ReadinessRules readiness,
    Optional<Rerun> rerun,
    String pool,
    OptionalInt priority,
    Map<String, CheckSetting> checks,
    boolean varyPrompts,
    Duration coolDown,
    Map<HookEvent, Hook> hooks) {

  /** The values for a config without any of these sections. */
  public static final ExecutionSections DEFAULTS =
      new ExecutionSections(
          Limits.DEFAULTS,
          Retry.DEFAULTS,
          ReadinessRules.DEFAULTS,
          Optional.empty(),
          WorkerSection.DEFAULT_POOL,
          OptionalInt.empty(),
          Map.of(),
          false,
          Duration.ZERO,
          Map.of());

  public ExecutionSections {
    checks = Map.copyOf(checks);
    hooks = Map.copyOf(hooks);
  }

  /** The same for a new batch. */
  public ExecutionSections withoutRerun() {
    return new ExecutionSections(
        limits,
        retry,
        readiness,
        Optional.empty(),
        pool,
        priority,
        checks,
        varyPrompts,
        coolDown,
        hooks);
  }
}
