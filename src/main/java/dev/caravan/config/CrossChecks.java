package dev.caravan.config;

import dev.caravan.config.yaml.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Finds combinations of valid values that aiperf would refuse. Every combination of the given
 * values is a run, so comparing the values of two keys is enough. aiperf 0.13.0 was seen to enforce
 * each of these rules.
 */
final class CrossChecks {

  private static final String STREAMING = "streaming";
  private static final String INPUT_FILE = "input_file";

  /** Keys and options that need one of these others to be set, to neither 0 nor false. */
  private static final Map<String, List<String>> REQUIRED =
      Map.ofEntries(
          Map.entry(
              "prompt_output_tokens_stddev", List.of("prompt_output_tokens_mean", INPUT_FILE)),
          Map.entry("custom_dataset_type", List.of(INPUT_FILE)),
          Map.entry("num_users", List.of("user_centric_rate")),
          Map.entry("user_centric_rate", List.of("num_users")),
          Map.entry("request_rate_ramp_duration", List.of("request_rate", "user_centric_rate")),
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
          "request_rate");

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
    warn();
  }

  private void warn() {
    if (has("request_rate_mode", "poisson") && !given.containsKey("request_rate")) {
      warn("request_rate_mode", "has no effect without request_rate");
    }
    Object endpoint = firstValue("endpoint").orElse(ConfigKeys.DEFAULT_ENDPOINT);
    if (has("endpoint_type", "completions") && endpoint.equals(ConfigKeys.DEFAULT_ENDPOINT)) {
      warn("endpoint_type", "is completions, but endpoint is " + ConfigKeys.DEFAULT_ENDPOINT);
    }
  }

  private void warn(String name, String message) {
    GivenValue value = given.get(name);
    problems.warn(value.node(), value.path(), message);
  }

  private void checkRequired(String name, GivenValue value) {
    List<String> others = REQUIRED.getOrDefault(name, List.of());
    if (!others.isEmpty() && others.stream().noneMatch(this::isActive)) {
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
    if (!given.containsKey(STREAMING) || has(STREAMING, false)) {
      problems.add(prefill.node(), prefill.path(), "requires streaming: true");
    }
    long min = numbers("concurrency").min().orElse(Long.MAX_VALUE);
    long max = numbers("prefill_concurrency").max().orElse(0);
    if (max > min) {
      problems.add(
          prefill.node(), prefill.path(), max + ": must not exceed concurrency (" + min + ")");
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

  /** Whether it is set, and not just to turn it off. */
  private boolean isActive(String name) {
    GivenValue value = given.get(name);
    return value != null
        && !value.values().equals(List.of(false))
        && !value.values().equals(List.of(0L))
        && !value.values().equals(List.of(0.0));
  }

  private boolean has(String name, Object expected) {
    GivenValue value = given.get(name);
    return value != null && value.values().contains(expected);
  }

  private Optional<Object> firstValue(String name) {
    return Optional.ofNullable(given.get(name))
        .flatMap(value -> value.values().stream().findFirst());
  }

  private LongStream numbers(String name) {
    GivenValue value = given.get(name);
    return (value == null ? List.of() : value.values())
        .stream().filter(Long.class::isInstance).mapToLong(Long.class::cast);
  }
}
