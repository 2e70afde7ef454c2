package dev.caravan.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The checked parameters of a run, or of a batch's {@code base_config}: key to typed value (String,
 * Long, Double, Boolean, List or Map), in the order of the key table. A key that is not set and has
 * no default is absent; values are never null.
 */
public record Parameters(@JsonValue Map<String, Object> values) {

  /** The key with other aiperf flags by name. */
  public static final String OPTIONS = "aiperf_options";

  /** The keys whose values may have a query. */
  static final List<String> ENDPOINTS = List.of(ConfigKeys.ENDPOINT, "health_check_endpoint");

  /** The value of a rate that means no limit; a run with it has no such key. */
  public static final String UNLIMITED = "inf";

  public Parameters {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * Parameters that another program wrote; empty if there are none, or if one has a type that no
   * config allows.
   *
   * @param base its {@code base_config}
   * @param sweep its sweep values
   */
  public static Optional<Parameters> ofOthers(Map<String, Object> base, Map<String, Object> sweep) {
    boolean isUsable =
        !base.isEmpty()
            && Stream.concat(base.entrySet().stream(), sweep.entrySet().stream())
                .allMatch(entry -> isUsable(entry.getKey(), entry.getValue()));
    return isUsable ? Optional.of(new Parameters(base).with(sweep)) : Optional.empty();
  }

  private static boolean isUsable(String key, Object value) {
    return switch (key) {
      case OPTIONS -> value instanceof Map;
      case ConfigKeys.ENDPOINT_TYPE -> EndpointType.words().contains(value);
      default ->
          value instanceof String
              || ConfigKeys.find(key).filter(k -> k.type() == ConfigKey.Type.STRING).isEmpty();
    };
  }

  /** A copy overlaid with sweep values; those of aiperf options go to {@link #OPTIONS}. */
  public Parameters with(Map<String, Object> sweep) {
    Map<String, Object> merged = new LinkedHashMap<>(values);
    Map<String, Object> options = new LinkedHashMap<>(options());
    sweep.forEach((key, value) -> (ConfigKeys.isKey(key) ? merged : options).put(key, value));
    if (!options.isEmpty()) {
      merged.put(OPTIONS, options);
    }
    Map<String, Object> inOrder = new LinkedHashMap<>();
    ConfigKeys.names().stream()
        .filter(key -> merged.containsKey(key) && !isUnlimited(key, merged.get(key)))
        .forEach(key -> inOrder.put(key, merged.get(key)));
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

  /** Whether this value of a key means no limit. */
  static boolean isUnlimited(String key, Object value) {
    return value.equals(UNLIMITED)
        && ConfigKeys.find(key).filter(k -> k.type() == ConfigKey.Type.RATE).isPresent();
  }

  /** API endpoint path; that of the endpoint type if not set. */
  public String endpoint() {
    return text(ConfigKeys.ENDPOINT).orElseGet(() -> endpointType().path());
  }

  /** Type of endpoint. */
  public EndpointType endpointType() {
    return text(ConfigKeys.ENDPOINT_TYPE).map(EndpointType::of).orElse(EndpointType.CHAT);
  }

  /** Number of concurrent requests. */
  public long concurrency() {
    return (Long) values.get(ConfigKeys.CONCURRENCY);
  }

  /** Output tokens that each request asks for, on average; empty when none are asked for. */
  public OptionalDouble requestedTokens() {
    return values.get("prompt_output_tokens_mean") instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** Length of the measured phase; empty when a number of requests ends it. */
  public Optional<Duration> benchmarkDuration() {
    return find(ConfigKeys.DURATION).map(seconds -> Duration.ofSeconds((Long) seconds));
  }

  /** The value of a key, or of an aiperf option. */
  public Optional<Object> find(String name) {
    return Optional.ofNullable((ConfigKeys.isKey(name) ? values : options()).get(name));
  }

  /** Tokenizer; empty to let aiperf derive it from the model. */
  public Optional<String> tokenizer() {
    return text("tokenizer");
  }

  /** Name of the environment variable with the API key; never the key itself. */
  public Optional<String> apiKeyEnvVar() {
    return text("api_key_env_var");
  }

  /** Path to probe before a run, or {@code none}; empty for the default. */
  public Optional<String> healthCheckEndpoint() {
    return text("health_check_endpoint");
  }

  /** File of prompts, as written; empty for synthetic ones. */
  public Optional<String> inputFile() {
    return text("input_file");
  }

  /** Whether aiperf invents the prompts. */
  public boolean hasSyntheticPrompts() {
    return inputFile().isEmpty()
        && !values.containsKey("custom_dataset_type")
        && !options().containsKey("public_dataset");
  }

  /** Other aiperf flags, by name without leading dashes and with underscores. */
  @SuppressWarnings("unchecked")
  public Map<String, Object> options() {
    return (Map<String, Object>) values.getOrDefault(OPTIONS, Map.of());
  }

  /** Secrets in the queries of its endpoints. */
  public List<String> querySecrets() {
    return ENDPOINTS.stream()
        .flatMap(key -> text(key).stream())
        .flatMap(endpoint -> QuerySecrets.of(endpoint).stream())
        .toList();
  }

  /** Whether aiperf gets a secret with it, which what it writes may contain. */
  public boolean hasSecrets() {
    return apiKeyEnvVar().isPresent() || !querySecrets().isEmpty();
  }

  /** As it is shown and recorded: without the secrets in the queries of its endpoints. */
  public Parameters shown() {
    return hasQuery() ? new Parameters(shown(values)) : this;
  }

  /** Without a stream, since a long plan asks for each run. */
  private boolean hasQuery() {
    for (String key : ENDPOINTS) {
      if (values.get(key) instanceof String endpoint && endpoint.indexOf('?') >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Values by key, without the secrets in the queries of endpoints. */
  public static Map<String, Object> shown(Map<String, Object> values) {
    Map<String, Object> shown = new LinkedHashMap<>(values);
    ENDPOINTS.forEach(
        key -> shown.computeIfPresent(key, (k, value) -> QuerySecrets.masked((String) value)));
    return shown;
  }

  private Optional<String> text(String key) {
    return Optional.ofNullable((String) values.get(key));
  }
}
