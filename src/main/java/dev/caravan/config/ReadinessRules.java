package dev.caravan.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What makes the target of a batch ready, and how long to wait for it.
 *
 * @param endpoint path to ask before a run, or {@code none}; empty to go by the run's parameters
 * @param status the HTTP status that means ready
 * @param patience how long to wait for a target that is not ready; empty for the property's
 * @param interval time between two tries; empty for the property's
 * @param completion whether a real completion of one token must succeed too
 * @param preflight whether model, key and tokenizer are tried once before the first run
 */
public record ReadinessRules(
    Optional<String> endpoint,
    int status,
    Optional<Duration> patience,
    Optional<Duration> interval,
    boolean completion,
    boolean preflight) {

  /** What holds when a config says nothing. */
  public static final ReadinessRules DEFAULTS =
      new ReadinessRules(Optional.empty(), 200, Optional.empty(), Optional.empty(), false, true);

  /**
   * The path to ask before this run, or {@code none}; empty for the default of the endpoint.
   *
   * @param run the merged parameters of the run
   */
  public Optional<String> endpoint(Parameters run) {
    return endpoint.or(run::healthCheckEndpoint);
  }
}
