package dev.caravan.tools.simulator;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The options of a {@link Simulator}, validated on construction. Start from {@link #defaults()} and
 * change what matters.
 *
 * @param host address to listen on
 * @param port TCP port; 0 for any free one
 * @param models names of the served models; the first one labels the metrics
 * @param key the required API key; empty for none
 * @param timing latency of the responses
 * @param capacity maximum concurrent requests; further ones are queued, first in, first out
 * @param outputTokens response length when a request sets none, in tokens
 * @param failures errors, hanging requests and a slow start
 * @param faults what else misleads or fails clients
 * @param deployment version, replicas and other clients
 * @param seed random seed for jitter, response text and the choice of failing requests: the same
 *     requests in the same order with the same seed get the same responses
 */
public record SimulatorOptions(
    String host,
    int port,
    List<String> models,
    Optional<BearerAuth> key,
    ResponseTiming timing,
    int capacity,
    int outputTokens,
    Failures failures,
    List<Fault> faults,
    Deployment deployment,
    long seed) {

  /** Maximum response length in tokens; requests for more are refused. */
  public static final int MAX_OUTPUT_TOKENS = 131_072;

  /**
   * Validates the options.
   *
   * @throws IllegalArgumentException naming the option, its range and the value
   */
  public SimulatorOptions {
    models = List.copyOf(models);
    faults = List.copyOf(faults);
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must not be empty");
    }
    RangeChecks.requireInRange("port", port, 0, 65_535);
    RangeChecks.requireInRange("capacity", capacity, 1, 100_000);
    RangeChecks.requireInRange("output tokens", outputTokens, 1, MAX_OUTPUT_TOKENS);
    checkModels(models);
  }

  /**
   * 127.0.0.1:8100, one model named simulated-model, no key, {@link ResponseTiming#DEFAULT},
   * capacity 8, responses of 64 tokens, no failures and no faults.
   */
  public static SimulatorOptions defaults() {
    return new SimulatorOptions(
        "127.0.0.1",
        8100,
        List.of("simulated-model"),
        Optional.empty(),
        ResponseTiming.DEFAULT,
        8,
        64,
        Failures.NONE,
        List.of(),
        Deployment.PLAIN,
        1);
  }

  /** Changes the address to listen on. */
  public SimulatorOptions withHost(String changed) {
    return new SimulatorOptions(
        changed,
        port,
        models,
        key,
        timing,
        capacity,
        outputTokens,
        failures,
        faults,
        deployment,
        seed);
  }

  /** Changes the port; 0 for any free one. */
  public SimulatorOptions withPort(int changed) {
    return new SimulatorOptions(
        host,
        changed,
        models,
        key,
        timing,
        capacity,
        outputTokens,
        failures,
        faults,
        deployment,
        seed);
  }

  /** Changes the served models. */
  public SimulatorOptions withModels(List<String> changed) {
    return new SimulatorOptions(
        host,
        port,
        changed,
        key,
        timing,
        capacity,
        outputTokens,
        failures,
        faults,
        deployment,
        seed);
  }

  /** Requires this API key. */
  public SimulatorOptions withKey(BearerAuth changed) {
    return new SimulatorOptions(
        host,
        port,
        models,
        Optional.of(changed),
        timing,
        capacity,
        outputTokens,
        failures,
        faults,
        deployment,
        seed);
  }

  /** Changes the latency of the responses. */
  public SimulatorOptions withTiming(ResponseTiming changed) {
    return new SimulatorOptions(
        host,
        port,
        models,
        key,
        changed,
        capacity,
        outputTokens,
        failures,
        faults,
        deployment,
        seed);
  }

  /** Changes the time to first token. */
  public SimulatorOptions withTtft(Duration changed) {
    return withTiming(
        new ResponseTiming(changed, timing.itl(), timing.jitter(), timing.slowdown()));
  }

  /** Changes the inter-token latency. */
  public SimulatorOptions withItl(Duration changed) {
    return withTiming(
        new ResponseTiming(timing.ttft(), changed, timing.jitter(), timing.slowdown()));
  }

  /** Changes the maximum number of concurrent requests. */
  public SimulatorOptions withCapacity(int changed) {
    return new SimulatorOptions(
        host, port, models, key, timing, changed, outputTokens, failures, faults, deployment, seed);
  }

  /** Changes the response length when a request sets none. */
  public SimulatorOptions withOutputTokens(int changed) {
    return new SimulatorOptions(
        host, port, models, key, timing, capacity, changed, failures, faults, deployment, seed);
  }

  /** Changes the failures to simulate. */
  public SimulatorOptions withFailures(Failures changed) {
    return new SimulatorOptions(
        host, port, models, key, timing, capacity, outputTokens, changed, faults, deployment, seed);
  }

  /** Changes the fraction of completion requests that get status 500. */
  public SimulatorOptions withErrorRate(double changed) {
    return withFailures(new Failures(changed, failures.hangRate(), failures.readyDelay()));
  }

  /** Changes the fraction of completion requests that get no response; 1 for all of them. */
  public SimulatorOptions withHangRate(double changed) {
    return withFailures(new Failures(failures.errorRate(), changed, failures.readyDelay()));
  }

  /** Changes how long the server responds with 503 after startup. */
  public SimulatorOptions withReadyDelay(Duration changed) {
    return withFailures(new Failures(failures.errorRate(), failures.hangRate(), changed));
  }

  /** Changes what else misleads or fails clients. */
  public SimulatorOptions withFaults(List<Fault> changed) {
    return new SimulatorOptions(
        host,
        port,
        models,
        key,
        timing,
        capacity,
        outputTokens,
        failures,
        changed,
        deployment,
        seed);
  }

  /** Changes version, replicas and other clients. */
  public SimulatorOptions withDeployment(Deployment changed) {
    return new SimulatorOptions(
        host, port, models, key, timing, capacity, outputTokens, failures, faults, changed, seed);
  }

  /** Changes the seed. */
  public SimulatorOptions withSeed(long changed) {
    return new SimulatorOptions(
        host,
        port,
        models,
        key,
        timing,
        capacity,
        outputTokens,
        failures,
        faults,
        deployment,
        changed);
  }

  private static void checkModels(List<String> models) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("at least one model must be served");
    }
    if (new HashSet<>(models).size() < models.size()) {
      throw new IllegalArgumentException("duplicate model: " + String.join(", ", models));
    }
    if (models.stream().anyMatch(m -> m.isBlank() || m.chars().anyMatch(Character::isISOControl))) {
      throw new IllegalArgumentException(
          "a model name must not be empty or contain control characters");
    }
  }
}
