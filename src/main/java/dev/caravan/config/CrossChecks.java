package dev.caravan.config;

import dev.caravan.config.yaml.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Finds combinations of valid values that aiperf would refuse. Every combination of the given
 * values is a run, so comparing the values of two keys is enough. aiperf 0.13.0 was seen to enforce
 * each of these rules.
 */
final class CrossChecks {

  private static final String STREAMING = "streaming";
  private static final String INPUT_FILE = ConfigKeys.INPUT_FILE;

  /** Keys and options that need one of these others to be set, to neither 0 nor false. */
  private static final Map<String, List<String>> REQUIRED =
      Map.ofEntries(
          Map.entry(
              "prompt_output_tokens_stddev", List.of("prompt_output_tokens_mean", INPUT_FILE)),
          Map.entry("custom_dataset_type", List.of(INPUT_FILE)),
          Map.entry("num_users", List.of("user_centric_rate")),
          Map.entry("user_centric_rate", List.of("num_users")),
          Map.entry(
              "request_rate_ramp_duration", List.of(ConfigKeys.REQUEST_RATE, "user_centric_rate")),
          Map.entry("request_cancellation_delay", List.of("request_cancellation_rate")),
          Map.entry("fixed_schedule_auto_offset", List.of("fixed_schedule")),
          Map.entry("fixed_schedule_start_offset", List.of("fixed_schedule")),
          Map.entry("fixed_schedule_end_offset", List.of("fixed_schedule")),
          Map.entry("wait_for_model_mode", List.of("wait_for_model_timeout")),
          Map.entry("wait_for_model_interval", List.of("wait_for_model_timeout")),
          Map.entry(
              "warmup_grace_period",
              List.of("warmup_request_count", "warmup_duration", "num_warmup_sessions")),
          Map.entry(
              "network_latency_ping_interval",
              List.of("network_latency_automatic", "network_latency_mean")),
          Map.entry("random_range_ratio", List.of("prompt_output_tokens_mean")),
          Map.entry("audio_length_stddev", List.of("audio_length_mean")),
          Map.entry("image_width_stddev", List.of("image_width_mean")),
          Map.entry("image_height_stddev", List.of("image_height_mean")),
          Map.entry("video_audio_codec", List.of("video_audio_num_channels")),
          Map.entry("per_chunk_usage", List.of("use_server_token_count")));

  /** Keys and options that cannot be combined with another. */
  private static final Map<String, String> EXCLUSIVE =
      Map.of(
          "prompt_input_tokens_mean",
          INPUT_FILE,
          "prompt_input_tokens_stddev",
          INPUT_FILE,
          "shared_system_prompt_length",
          "system_prompt",
          "fixed_schedule",
          ConfigKeys.REQUEST_RATE);

  private final Map<String, GivenValue> given;
  private final Problems problems;

  CrossChecks(Map<String, GivenValue> given, Problems problems) {
    this.given = given;
    this.problems = problems;
  }

  /** Adds a problem for each invalid combination, and a warning for each unlikely one. */
  void check() {
    given.forEach(
        (name, value) -> {
          if (!value.values().equals(List.of(false))) {
            checkRequired(name, value);
            checkExclusive(name, value);
          }
        });
    checkPrefill();
    checkSystemPrompt();
    checkUserCentric();
    checkGoodput();
    checkTokenizer();
    endpointTypes().forEach(this::checkDataset);
    warn();
  }

  /** Combinations that are allowed but probably not intended. */
  private void warn() {
    if (has("request_rate_mode", "poisson") && !given.containsKey(ConfigKeys.REQUEST_RATE)) {
      warn("request_rate_mode", "has no effect without request_rate");
    }
    endpoints().filter(this::isOfOtherTypes).forEach(this::warnOfEndpoint);
    if (has(STREAMING, true) && endpointTypes().anyMatch(type -> !type.streams())) {
      warn(STREAMING, "aiperf does not stream with this endpoint_type");
    }
  }

  /** The given ones, or the default if no type has a path of its own. */
  private Stream<String> endpoints() {
    Optional<GivenValue> value = Optional.ofNullable(given.get(ConfigKeys.ENDPOINT));
    boolean isLaidIn = endpointTypes().allMatch(EndpointType::supportsCompletion);
    return value
        .map(endpoints -> endpoints.values().stream().map(String::valueOf))
        .orElseGet(() -> isLaidIn ? Stream.of(ConfigKeys.DEFAULT_ENDPOINT) : Stream.empty());
  }

  private boolean isOfOtherTypes(String endpoint) {
    return endpointTypes().allMatch(type -> type.isAnothersPath(endpoint));
  }

  private void warnOfEndpoint(String endpoint) {
    String types = endpointTypes().map(EndpointType::word).collect(Collectors.joining(" and "));
    if (given.containsKey(ConfigKeys.ENDPOINT_TYPE)) {
      warn(ConfigKeys.ENDPOINT_TYPE, "is " + types + ", but endpoint is " + endpoint);
    } else {
      warn(ConfigKeys.ENDPOINT, "is " + endpoint + ", but endpoint_type is " + types);
    }
  }

  private void warn(String name, String message) {
    GivenValue value = given.get(name);
    problems.warn(value.node(), value.path(), message);
  }

  private Stream<EndpointType> endpointTypes() {
    List<Object> words =
        Optional.ofNullable(given.get(ConfigKeys.ENDPOINT_TYPE))
            .map(GivenValue::values)
            .filter(values -> !values.isEmpty())
            .orElse(List.of(EndpointType.CHAT.word()));
    return words.stream().map(word -> EndpointType.of((String) word));
  }

  /** With a metric that its runs do not have, aiperf hangs instead of ending. */
  private void checkGoodput() {
    GivenValue goodput = given.get(GoodputMetrics.OPTION);
    if (goodput == null) {
      return;
    }
    boolean streams = has(STREAMING, true) && !has(STREAMING, false);
    boolean tokens = endpointTypes().allMatch(EndpointType::producesTokens);
    goodput.values().stream()
        .flatMap(value -> GoodputMetrics.names(value).stream())
        .distinct()
        .map(name -> GoodputMetrics.missing(name, streams, tokens))
        .flatMap(Optional::stream)
        .forEach(message -> problems.add(goodput.node(), goodput.path(), message));
  }

  private void checkRequired(String name, GivenValue value) {
    List<String> others = REQUIRED.getOrDefault(name, List.of());
    if (!others.isEmpty() && others.stream().noneMatch(this::isAlwaysActive)) {
      problems.add(value.node(), value.path(), "requires " + String.join(" or ", others));
    }
  }

  private void checkExclusive(String name, GivenValue value) {
    Optional.ofNullable(EXCLUSIVE.get(name))
        .filter(this::isActive)
        .ifPresent(
            other -> problems.add(value.node(), value.path(), "cannot be combined with " + other));
  }

  private void checkPrefill() {
    GivenValue prefill = given.get("prefill_concurrency");
    if (prefill == null) {
      return;
    }
    if (!has(STREAMING, true) || has(STREAMING, false)) {
      problems.add(prefill.node(), prefill.path(), "requires streaming: true");
    }
    long min = numbers(ConfigKeys.CONCURRENCY).min().orElse(Long.MAX_VALUE);
    long max = numbers("prefill_concurrency").max().orElse(0);
    if (max > min) {
      problems.add(
          prefill.node(), prefill.path(), max + ": must not exceed concurrency (" + min + ")");
    }
  }

  private void checkTokenizer() {
    GivenValue tokenizer = given.get("tokenizer");
    if (tokenizer != null && endpointTypes().anyMatch(type -> !type.tokenizesInput())) {
      problems.add(
          tokenizer.node(),
          tokenizer.path(),
          "not allowed with an endpoint_type that sends no text");
    }
  }

  private void checkDataset(EndpointType type) {
    GivenValue word = given.get(ConfigKeys.ENDPOINT_TYPE);
    List<String> keys = type.needsOneOf();
    if (!keys.isEmpty() && keys.stream().noneMatch(this::isAlwaysActive)) {
      problems.add(
          word.node(), word.path(), type.word() + " requires " + String.join(" or ", keys));
      return;
    }
    GivenValue format = given.get(ConfigKeys.DATASET_TYPE);
    List<Object> formats = format == null ? List.of("") : format.values();
    if (!type.datasetTypes().isEmpty() && !type.datasetTypes().containsAll(formats)) {
      String names = type.datasetTypes().stream().sorted().collect(Collectors.joining(" or "));
      problems.add(
          word.node(), word.path(), type.word() + " requires custom_dataset_type " + names);
    }
  }

  private void checkSystemPrompt() {
    GivenValue prompt = given.get("system_prompt");
    if (prompt != null && has("endpoint_type", "completions")) {
      problems.add(prompt.node(), prompt.path(), "requires endpoint_type: chat");
    }
  }

  private void checkUserCentric() {
    GivenValue rate = given.get("user_centric_rate");
    if (rate != null && numbers("conversation_turn_mean").min().orElse(1) < 2) {
      problems.add(rate.node(), rate.path(), "requires conversation_turn_mean of 2 or more");
    }
  }

  /** Whether every run has it; a sweep over a rate may have a point without. */
  private boolean isAlwaysActive(String name) {
    return isActive(name) && !has(name, Parameters.UNLIMITED);
  }

  /** Whether it is set, and not just to turn it off. */
  private boolean isActive(String name) {
    GivenValue value = given.get(name);
    return value != null
        && !value.values().equals(List.of(Parameters.UNLIMITED))
        && !value.values().equals(List.of(false))
        && !value.values().equals(List.of(0L))
        && !value.values().equals(List.of(0.0));
  }

  private boolean has(String name, Object expected) {
    GivenValue value = given.get(name);
    return value != null && value.values().contains(expected);
  }

  private LongStream numbers(String name) {
    GivenValue value = given.get(name);
    return (value == null ? List.of() : value.values())
        .stream().filter(Long.class::isInstance).mapToLong(Long.class::cast);
  }
}
