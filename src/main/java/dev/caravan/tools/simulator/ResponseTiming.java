package dev.caravan.tools.simulator;

import java.time.Duration;

/**
 * The latency of the simulated model, once a request has a slot.
 *
 * @param ttft time to first token
 * @param itl inter-token latency when no other request is in progress
 * @param jitter maximum random deviation of each time as a fraction of it: 0.1 is ±10 %, uniform
 * @param slowdown increase of {@code itl} when all slots are in use, as a fraction of it, and in
 *     proportion for fewer: 0 is no slowdown, 0.25 turns 8 ms into 10 ms at full load
 */
public record ResponseTiming(Duration ttft, Duration itl, double jitter, double slowdown) {

  /** 40 ms to first token, 8 ms between tokens, ±10 %, 25 % slower at full load. */
  public static final ResponseTiming DEFAULT =
      new ResponseTiming(Duration.ofMillis(40), Duration.ofMillis(8), 0.1, 0.25);

  public ResponseTiming {
    RangeChecks.requireInRange("ttft", ttft);
    RangeChecks.requireInRange("itl", itl);
    RangeChecks.requireInRange("jitter", jitter, 0, 1);
    RangeChecks.requireInRange("slowdown", slowdown, 0, 100);
  }

  /**
   * Inter-token latency in nanoseconds, before jitter.
   *
   * @param load 0 for one request in progress, 1 when all slots are in use
   */
  long itlNanos(double load) {
    return (long) (itl.toNanos() * (1 + slowdown * load));
  }
}
