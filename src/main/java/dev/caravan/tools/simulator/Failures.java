package dev.caravan.tools.simulator;

import java.time.Duration;

/**
 * Plain failures of a simulated service, which its clients see as such. {@link Fault}s are subtler.
 *
 * @param errorRate fraction of completion requests that get status 500 immediately
 * @param hangRate fraction of the other completion requests that never get a response
 * @param readyDelay how long the server responds with 503 after startup, like one loading its model
 */
public record Failures(double errorRate, double hangRate, Duration readyDelay) {

  /** No failures. */
  public static final Failures NONE = new Failures(0, 0, Duration.ZERO);

  public Failures {
    RangeChecks.requireInRange("error rate", errorRate, 0, 1);
    RangeChecks.requireInRange("hang rate", hangRate, 0, 1);
    RangeChecks.requireInRange("ready delay", readyDelay);
  }
}
