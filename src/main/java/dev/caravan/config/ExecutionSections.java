package dev.caravan.config;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The sections of a config that say how it is run, not what it measures.
 *
 * @param limits how long a run and its phases may take
 * @param retry which failed runs are tried again
 * @param readiness what makes the target ready
 * @param rerun the one run of an earlier batch that is asked for again, if it is that
 * @param pool which workers take its runs
 * @param priority where it stands among batches of the same target, 0 to 9; empty when not given
 */
public record ExecutionSections(
    Limits limits,
    Retry retry,
    ReadinessRules readiness,
    Optional<Rerun> rerun,
    String pool,
    OptionalInt priority) {

  /** What holds for a config that has none of them. */
  public static final ExecutionSections DEFAULTS =
      new ExecutionSections(
          Limits.DEFAULTS,
          Retry.DEFAULTS,
          ReadinessRules.DEFAULTS,
          Optional.empty(),
          WorkerSection.DEFAULT_POOL,
          OptionalInt.empty());
}
