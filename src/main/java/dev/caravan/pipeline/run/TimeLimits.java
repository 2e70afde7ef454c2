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
 * What one run may take.
 *
 * @param phases each phase's own limit
 * @param noProgress the longest silence where silence is death
 * @param whole what the whole run may take: the tightest of what holds over all phases
 */
record TimeLimits(Map<RunPhase, Duration> phases, Duration noProgress, Whole whole) {

  /**
   * A limit over all phases.
   *
   * @param limit from the start of the process
   * @param message what set it, with its length
   */
  record Whole(Duration limit, String message) {}

  TimeLimits {
    phases = Map.copyOf(phases);
  }

  /**
   * The limits of a run.
   *
   * @param limits the config's
   * @param run its merged parameters
   * @param allowance what any run may take beyond its benchmark_duration; empty for no such bound
   */
  static TimeLimits of(Limits limits, Parameters run, Optional<Duration> allowance) {
    Map<RunPhase, Duration> phases = new EnumMap<>(RunPhase.class);
    phases.put(RunPhase.START_UP, limits.startUp());
    phases.put(RunPhase.WARM_UP, limits.warmUp());
    phases.put(RunPhase.MEASURING, limits.measuring(run));
    phases.put(RunPhase.EXPORT, limits.export());
    List<Whole> wholes = new ArrayList<>();
    limits.runTimeout().map(TimeLimits::runTimeout).ifPresent(wholes::add);
    allowance.map(most -> allowance(run, most)).ifPresent(wholes::add);
    wholes.add(sum(phases));
    return new TimeLimits(
        phases,
        limits.noProgress(),
        wholes.stream().min(Comparator.comparing(Whole::limit)).orElseThrow());
  }

  private static Whole runTimeout(Duration limit) {
    return new Whole(limit, "its run_timeout of " + Durations.format(limit));
  }

  private static Whole allowance(Parameters run, Duration allowance) {
    Duration limit = Duration.ofSeconds(run.benchmarkDuration()).plus(allowance);
    return new Whole(
        limit,
        "its limit of %s (benchmark_duration and caravan.run.allowance)"
            .formatted(Durations.format(limit)));
  }

  private static Whole sum(Map<RunPhase, Duration> phases) {
    Duration limit = phases.values().stream().reduce(Duration.ZERO, Duration::plus);
    return new Whole(
        limit,
        "its limit of %s (the sum of its phases' limits)".formatted(Durations.format(limit)));
  }
}
