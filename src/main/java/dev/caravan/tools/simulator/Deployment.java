package dev.caravan.tools.simulator;

import java.time.Duration;

/**
 * How the simulated service is deployed, as far as its clients can tell.
 *
 * @param version what {@code /version} says, as with vLLM
 * @param replicas number of processes behind the one address, which take turns
 * @param restartAfter time from the first completion request to a restart; zero for none
 * @param others requests of other clients that are always in progress
 */
public record Deployment(String version, int replicas, Duration restartAfter, int others) {

  /** One process, which never restarts and has no other clients. */
  public static final Deployment PLAIN = new Deployment("0.0.0", 1, Duration.ZERO, 0);

  public Deployment {
    RangeChecks.requireInRange("replicas", replicas, 1, 100);
    RangeChecks.requireInRange("restart", restartAfter);
    RangeChecks.requireInRange("others", others, 0, 100_000);
  }
}
