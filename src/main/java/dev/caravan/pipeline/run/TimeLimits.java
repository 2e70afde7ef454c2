package dev.caravan.pipeline.run;

import dev.caravan.config.Limits;
import dev.caravan.config.Parameters;
import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The time limits of a run.
 *
 * @param phases the limit of each phase
 * @param noProgress how long aiperf may write nothing in a phase that must show progress
 * @param overall the limit of the whole run: the shortest of those over all phases
 */
record TimeLimits(Map<RunPhase, Duration> phases, Duration noProgress, Overall overall) {

  /**
   * A limit of the whole run.
   *
   * @param limit from the start of the process
   * @param message the limit and where it comes from
   */
  record Overall(Duration limit, String message) {}

  TimeLimits {
    phases = Map.copyOf(phases);
  }

  /**
   * The limits of a run.
   *
   * @param limits the limits in the config
   * @param run the run's merged parameters
   * @param allowance how long any run may take beyond its benchmark_duration, if it has one; empty
   *     for no such limit
   */
  static TimeLimits of(Limits limits, Parameters run, Optional<Duration> allowance) {
    Map<RunPhase, Duration> phases = new EnumMap<>(RunPhase.class);
    phases.put(RunPhase.START_UP, limits.startUp());
    phases.put(RunPhase.WARM_UP, limits.warmUp());
    phases.put(RunPhase.MEASURING, limits.measuring(run));
    phases.put(RunPhase.EXPORT, limits.export());
    List<Overall> candidates = new ArrayList<>();
    limits.runTimeout().map(TimeLimits::runTimeout).ifPresent(candidates::add);
    allowance.flatMap(extra -> allowance(run, extra)).ifPresent(candidates::add);
    candidates.add(sum(phases));
    return new TimeLimits(
        phases,
        limits.noProgress(),
        candidates.stream().min(Comparator.comparing(Overall::limit)).orElseThrow());
  }

  private static Overall runTimeout(Duration limit) {
    return new Overall(limit, "its run_timeout of " + Durations.format(limit));
  }

  private static Optional<Overall> allowance(Parameters run, Duration allowance) {
    return run.benchmarkDuration()
        .map(duration -> duration.plus(allowance))
        .map(
            limit ->
                new Overall(
                    limit,
                    "its limit of %s (benchmark_duration and caravan.run.allowance)"
                        .formatted(Durations.format(limit))));
  }

  private static Overall sum(Map<RunPhase, Duration> phases) {
    Duration limit = phases.values().stream().reduce(Duration.ZERO, Duration::plus);
    return new Overall(
        limit,
        "its limit of %s (the sum of its phases' limits)".formatted(Durations.format(limit)));
  }
}
