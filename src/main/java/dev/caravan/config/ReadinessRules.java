package dev.caravan.config;

import java.time.Duration;
import java.util.Optional;

/**
 * When the target of a batch counts as ready, and how long to wait for it.
 *
 * @param endpoint path to probe before a run, or {@code none}; empty to use the run's parameters
 * @param status the HTTP status that means ready
 * @param patience how long to wait for a target that is not ready; empty for the setting's value
 * @param interval time between two probes; empty for the setting's value
 * @param completion whether to probe with a real completion of one token instead
 * @param preflight whether to check model, key and tokenizer once before the first run
 * @param quiet how long a run waits for a service that works on other requests; zero for not at all
 */
public record ReadinessRules(
    Optional<String> endpoint,
    int status,
    Optional<Duration> patience,
    Optional<Duration> interval,
    boolean completion,
    boolean preflight,
    Duration quiet) {

  /** The rules of a config that sets none. */
  public static final ReadinessRules DEFAULTS =
      new ReadinessRules(
          Optional.empty(),
          200,
          Optional.empty(),
          Optional.empty(),
          false,
          true,
          Duration.ofSeconds(60));

  /**
   * The path to probe before this run, or {@code none}; empty for the default path.
   *
   * @param run the merged parameters of the run
   */
  public Optional<String> endpoint(Parameters run) {
    return endpoint.or(run::healthCheckEndpoint);
  }
}
