package dev.caravan.pipeline.outcome.checks;

import java.util.OptionalDouble;

/** A client that is too slow for the load. */
final class Client implements Check {

  /** So long, aiperf waits on a calm machine too, which is much of a very short latency. */
  private static final double CALM_MILLIS = 10;

  @Override
  public Description description() {
    return new Description(
        "client",
        "wait inside aiperf before a request starts, % of the latency (medians)",
        Thresholds.above(Level.NOTE, 3).and(Level.DEGRADED, 10),
        "half of the requests wait in aiperf for more than 3 % of their latency (degraded only when"
            + " they wait for more than 10 ms)",
        "From there on aiperf's own work shows in the time to first token: a calm machine of 2"
            + " cores has 0.8 to 1.5 % with up to 16 connections, and 14 % with 64, where a time to"
            + " first token of 33 ms read 57.",
        "fewer connections a core, aiperf_options: {workers_max: N}, or another host");
  }

  @Override
  public boolean needsWorkload() {
    return false;
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    OptionalDouble share = share(evidence);
    if (share.isEmpty()) {
      return Examination.unchecked("aiperf did not say how long requests waited in it");
    }
    String message =
        "requests waited %s in aiperf before they started, with a latency of %s (%s)"
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
