package dev.caravan.tools.simulator;

import java.time.Duration;

/**
 * How fast the simulated model answers once a request is being served.
 *
 * @param ttft time from there to the first token
 * @param itl time from token to token when nothing else is served
 * @param jitter how far each single time strays, as a share of it: 0.1 is ±10 %, evenly spread
 * @param slowdown how much longer a token takes when all places are taken, as a share of {@code
 *     itl}, in proportion for fewer: 0 is no slow-down, 0.25 makes 8 ms into 10 ms at full load
 */
public record ResponseTiming(Duration ttft, Duration itl, double jitter, double slowdown) {

  /** 40 ms to the first token, 8 ms from token to token, ±10 %, a quarter slower at full load. */
  public static final ResponseTiming DEFAULT =
      new ResponseTiming(Duration.ofMillis(40), Duration.ofMillis(8), 0.1, 0.25);

  public ResponseTiming {
    RangeChecks.range("ttft", ttft);
    RangeChecks.range("itl", itl);
    RangeChecks.range("jitter", jitter, 0, 1);
    RangeChecks.range("slowdown", slowdown, 0, 100);
  }

  /**
   * Nanoseconds from token to token, before jitter.
   *
   * @param load 0 when one request is served, 1 when all places are taken
   */
  long itlNanos(double load) {
    return (long) (itl.toNanos() * (1 + slowdown * load));
  }
}
