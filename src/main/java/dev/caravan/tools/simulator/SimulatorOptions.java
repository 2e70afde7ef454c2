package dev.caravan.tools.simulator;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Simulator} serves and how; checked when made, so that a started server never meets
 * a value out of range. Start from {@link #defaults()} and change what matters.
 *
 * @param host address to listen on
 * @param port TCP port; 0 takes any free one
 * @param models names of the served models, the first one names the server in its metrics
 * @param key the API key that callers must show; empty lets anybody in
 * @param pace how fast it answers
 * @param capacity requests served at once; more wait in line, first come, first served
 * @param outputTokens length of an answer whose request sets none
 * @param faults what goes wrong on purpose
 * @param seed decides jitter, words and which requests fail: the same requests in the same order
 *     with the same seed get the same answers
 */
public record SimulatorOptions(
    String host,
    int port,
    List<String> models,
    Optional<BearerAuth> key,
    ResponseTiming pace,
    int capacity,
    int outputTokens,
    Faults faults,
    long seed) {

  /** The longest answer, in tokens; a request for more is refused, as beyond a model's context. */
  public static final int MAX_OUTPUT_TOKENS = 131_072;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the option, its range and the value
   */
  public SimulatorOptions {
    models = List.copyOf(models);
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must not be empty");
    }
    RangeChecks.range("port", port, 0, 65_535);
    RangeChecks.range("capacity", capacity, 1, 100_000);
    RangeChecks.range("output tokens", outputTokens, 1, MAX_OUTPUT_TOKENS);
    checkModels(models);
  }

  /**
   * 127.0.0.1:8100, one model called simulated-model, no key, {@link ResponseTiming#DEFAULT},
   * capacity 8, answers of 64 tokens, no faults.
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
        Faults.NONE,
        1);
  }

  /** Changes the address to listen on. */
  public SimulatorOptions withHost(String changed) {
    return new SimulatorOptions(
        changed, port, models, key, pace, capacity, outputTokens, faults, seed);
  }

  /** Changes the port; 0 takes any free one. */
  public SimulatorOptions withPort(int changed) {
    return new SimulatorOptions(
        host, changed, models, key, pace, capacity, outputTokens, faults, seed);
  }

  /** Changes the served models. */
  public SimulatorOptions withModels(List<String> changed) {
    return new SimulatorOptions(
        host, port, changed, key, pace, capacity, outputTokens, faults, seed);
  }

  /** Asks callers for this key. */
  public SimulatorOptions withKey(BearerAuth changed) {
    return new SimulatorOptions(
        host, port, models, Optional.of(changed), pace, capacity, outputTokens, faults, seed);
  }

  /** Changes how fast it answers. */
  public SimulatorOptions withPace(ResponseTiming changed) {
    return new SimulatorOptions(
        host, port, models, key, changed, capacity, outputTokens, faults, seed);
  }

  /** Changes the time to the first token. */
  public SimulatorOptions withTtft(Duration changed) {
    return withPace(new ResponseTiming(changed, pace.itl(), pace.jitter(), pace.slowdown()));
  }

  /** Changes the time from token to token. */
  public SimulatorOptions withItl(Duration changed) {
    return withPace(new ResponseTiming(pace.ttft(), changed, pace.jitter(), pace.slowdown()));
  }

  /** Changes how many requests are served at once. */
  public SimulatorOptions withCapacity(int changed) {
    return new SimulatorOptions(host, port, models, key, pace, changed, outputTokens, faults, seed);
  }

  /** Changes the length of an answer whose request sets none. */
  public SimulatorOptions withOutputTokens(int changed) {
    return new SimulatorOptions(host, port, models, key, pace, capacity, changed, faults, seed);
  }

  /** Changes what goes wrong on purpose. */
  public SimulatorOptions withFaults(Faults changed) {
    return new SimulatorOptions(
        host, port, models, key, pace, capacity, outputTokens, changed, seed);
  }

  /** Changes the share of completion requests that are answered with status 500. */
  public SimulatorOptions withErrorRate(double changed) {
    return withFaults(new Faults(changed, faults.hangRate(), faults.readyDelay()));
  }

  /** Changes the share of completion requests that are never answered; 1 hangs them all. */
  public SimulatorOptions withHangRate(double changed) {
    return withFaults(new Faults(faults.errorRate(), changed, faults.readyDelay()));
  }

  /** Changes how long the server says 503 after its start. */
  public SimulatorOptions withReadyDelay(Duration changed) {
    return withFaults(new Faults(faults.errorRate(), faults.hangRate(), changed));
  }

  /** Changes the seed. */
  public SimulatorOptions withSeed(long changed) {
    return new SimulatorOptions(
        host, port, models, key, pace, capacity, outputTokens, faults, changed);
  }

  private static void checkModels(List<String> models) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("at least one model must be served");
    }
    if (new HashSet<>(models).size() < models.size()) {
      throw new IllegalArgumentException("a model is named twice: " + String.join(", ", models));
    }
    if (models.stream().anyMatch(m -> m.isBlank() || m.chars().anyMatch(Character::isISOControl))) {
      throw new IllegalArgumentException(
          "a model name must not be empty or hold control characters");
    }
  }
}
