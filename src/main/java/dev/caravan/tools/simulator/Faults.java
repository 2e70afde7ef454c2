package dev.caravan.tools.simulator;

import java.time.Duration;

/**
 * Faults to simulate.
 *
 * @param errorRate fraction of completion requests that get status 500 immediately
 * @param hangRate fraction of the other completion requests that never get a response
 * @param readyDelay how long the server responds with 503 after startup, like one loading its model
 */
public record Faults(double errorRate, double hangRate, Duration readyDelay) {

  /** No faults. */
  public static final Faults NONE = new Faults(0, 0, Duration.ZERO);

  public Faults {
    RangeChecks.requireInRange("error rate", errorRate, 0, 1);
    RangeChecks.requireInRange("hang rate", hangRate, 0, 1);
    RangeChecks.requireInRange("ready delay", readyDelay);
  }
}
