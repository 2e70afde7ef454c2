package dev.caravan.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The checked parameters of one run, or of a batch's {@code base_config}: key to typed value
 * (String, Long, Double, Boolean, List or Map), in the order of the key table. A key that was not
 * given and has no default is absent; values are never null.
 */
public record Parameters(Map<String, Object> values) {

  /** The key that holds further aiperf flags by name. */
  public static final String OPTIONS = "aiperf_options";

  public Parameters {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** These parameters with a sweep's values laid over them; names of aiperf options go there. */
  public Parameters with(Map<String, Object> sweep) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    Map<String, Object> options = new LinkedHashMap<>(options());
    sweep.forEach((key, value) -> (ConfigKeys.isKey(key) ? all : options).put(key, value));
    if (!options.isEmpty()) {
      all.put(OPTIONS, options);
    }
    Map<String, Object> inOrder = new LinkedHashMap<>();
    ConfigKeys.names().stream()
        .filter(all::containsKey)
        .forEach(key -> inOrder.put(key, all.get(key)));
    return new Parameters(inOrder);
  }

  /** Model identifier. */
  public String model() {
    return text("model").orElseThrow();
  }

  /** Base URL of the target. */
  public String url() {
    return text("url").orElseThrow();
  }

  /** API endpoint path. */
  public String endpoint() {
    return text("endpoint").orElseThrow();
  }

  /** Number of requests in flight. */
  public long concurrency() {
    return (Long) values.get("concurrency");
  }

  /** Length of the measured phase, in seconds. */
  public long benchmarkDuration() {
    return (Long) values.get("benchmark_duration");
  }

  /** Tokenizer; empty when aiperf goes by the model. */
  public Optional<String> tokenizer() {
    return text("tokenizer");
  }

  /** Name of the environment variable that holds the API key; never the key. */
  public Optional<String> apiKeyEnvVar() {
    return text("api_key_env_var");
  }

  /** Path to ask before a run, or {@code none}; empty for the default. */
  public Optional<String> healthCheckEndpoint() {
    return text("health_check_endpoint");
  }

  /** File of prompts, as written; empty for synthetic ones. */
  public Optional<String> inputFile() {
    return text("input_file");
  }

  /** Further aiperf flags, by name without the leading dashes and with underscores. */
  @SuppressWarnings("unchecked")
  public Map<String, Object> options() {
    return (Map<String, Object>) values.getOrDefault(OPTIONS, Map.of());
  }

  private Optional<String> text(String key) {
    return Optional.ofNullable((String) values.get(key));
  }
}
