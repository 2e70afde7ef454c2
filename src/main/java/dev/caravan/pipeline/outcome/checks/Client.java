package dev.caravan.pipeline.outcome.checks;

import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.Moment;
import java.util.Optional;
import java.util.OptionalDouble;

/** A client that is too slow for the load. */
final class Client implements Check {

  /**
   * aiperf waits this long on an idle machine too, which is a large part of a very short latency.
   */
  private static final double CALM_MILLIS = 10;

  private static final double STEAL_PERCENT = 2;
  private static final OptionalDouble NOT_TOLD = OptionalDouble.empty();

  @Override
  public Description description() {
    return new Description(
        "client",
        "wait inside aiperf before a request starts, % of the latency (medians)",
        Thresholds.above(Level.NOTE, 3).and(Level.DEGRADED, 10),
        "half of the requests wait in aiperf for more than 3 % of their latency (degraded only if"
            + " they wait for more than 10 ms); or the hypervisor gave more than 2 % of the CPU"
            + " time to other machines during the measured phase (a note)",
        "Above that, aiperf's own work shows in the time to first token: an idle machine with 2"
            + " cores has 0.8 to 1.5 % with up to 16 connections, and 14 % with 64, where a time"
            + " to first token of 33 ms was measured as 57 ms.",
        "use fewer connections per core, aiperf_options: {workers_max: N}, or another host");
  }

  @Override
  public boolean needsWorkload() {
    return false;
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Examination waiting = waiting(evidence, thresholds);
    return waiting instanceof Finding ? waiting : stolen(evidence).orElse(waiting);
  }

  private Optional<Examination> stolen(Evidence evidence) {
    OptionalDouble percent = evidence.environment().map(Client::steal).orElse(NOT_TOLD);
    if (percent.orElse(0) <= STEAL_PERCENT) {
      return Optional.empty();
    }
    String message =
        "the hypervisor gave %s of the CPU time of aiperf's host to other machines"
            .formatted(Figures.percent(percent.getAsDouble()));
    return Optional.of(
        finding(Level.NOTE, percent.getAsDouble(), STEAL_PERCENT, message, description().advice()));
  }

  /**
   * In the measured phase, or from the start to the end of aiperf if nothing tells when that was.
   */
  private static OptionalDouble steal(Environment seen) {
    Moment from = seen.measured().map(phase -> phase.started().seen()).orElse(seen.before());
    Moment to = seen.measured().map(phase -> phase.complete().seen()).orElse(seen.after());
    OptionalDouble all = to.since(from, Moment.CPU);
    OptionalDouble stolen = to.since(from, Moment.STEAL);
    return all.orElse(0) > 0 && stolen.isPresent()
        ? OptionalDouble.of(100 * stolen.getAsDouble() / all.getAsDouble())
        : NOT_TOLD;
  }

  private Examination waiting(Evidence evidence, Thresholds thresholds) {
    OptionalDouble share = share(evidence);
    if (share.isEmpty()) {
      return Examination.unchecked("aiperf did not report how long requests waited in it");
    }
    String message =
        "requests waited %s in aiperf before they were sent; their latency was %s (%s)"
            .formatted(
                Figures.millis(evidence.median("credit_to_start_latency").orElse(0)),
                Figures.millis(evidence.median("request_latency").orElse(0)),
                Figures.percent(share.getAsDouble()));
    Examination result = compare(share.getAsDouble(), thresholds, message, description().advice());
    return isCalm(evidence) ? result.atMost(Level.NOTE) : result;
  }

  /** Whether the client is what slows the load down. */
  boolean isSlow(Evidence evidence) {
    OptionalDouble share = share(evidence);
    return !isCalm(evidence)
        && share.isPresent()
        && description().thresholds().isPassed(Level.DEGRADED, share.getAsDouble());
  }

  private static boolean isCalm(Evidence evidence) {
    return evidence.median("credit_to_start_latency").orElse(0) <= CALM_MILLIS;
  }

  private static OptionalDouble share(Evidence evidence) {
    OptionalDouble wait = evidence.median("credit_to_start_latency");
    OptionalDouble latency = evidence.median("request_latency");
    return wait.isEmpty() || latency.isEmpty() || latency.getAsDouble() <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(100 * wait.getAsDouble() / latency.getAsDouble());
  }
}
