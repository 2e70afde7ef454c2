package dev.caravan.tools.simulator;

import java.time.Duration;

/**
 * What goes wrong on purpose.
 *
 * @param errorRate share of completion requests answered with status 500, at once
 * @param hangRate share of the other completion requests that are taken and never answered
 * @param readyDelay how long after the start the server still says 503, as one that loads its model
 */
public record Faults(double errorRate, double hangRate, Duration readyDelay) {

  /** Nothing goes wrong. */
  public static final Faults NONE = new Faults(0, 0, Duration.ZERO);

  public Faults {
    RangeChecks.range("error rate", errorRate, 0, 1);
    RangeChecks.range("hang rate", hangRate, 0, 1);
    RangeChecks.range("ready delay", readyDelay);
  }
}
