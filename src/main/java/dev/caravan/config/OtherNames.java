package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The names that aiperf and other benchmark tools use for the keys of a config, which spelling
 * alone would not match.
 */
final class OtherNames {

  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("model_name", "model"),
          Map.entry("model_names", "model"),
          Map.entry("models", "model"),
          Map.entry("tokenizer_name", "tokenizer"),
          Map.entry("base_url", "url"),
          Map.entry("server_url", "url"),
          Map.entry("custom_endpoint", "endpoint"),
          Map.entry("endpoint_path", "endpoint"),
          Map.entry("backend", "endpoint_type"),
          Map.entry("api_key_env", "api_key_env_var"),
          Map.entry("api_key_name", "api_key_env_var"),
          Map.entry("stream", "streaming"),
          Map.entry("warmup", "warmup_request_count"),
          Map.entry("warmup_requests", "warmup_request_count"),
          Map.entry("num_warmups", "warmup_request_count"),
          Map.entry("num_warmup_requests", "warmup_request_count"),
          Map.entry("duration", "benchmark_duration"),
          Map.entry("duration_seconds", "benchmark_duration"),
          Map.entry("benchmark_duration_seconds", "benchmark_duration"),
          Map.entry("max_concurrency", "concurrency"),
          Map.entry("concurrencies", "concurrency"),
          Map.entry("rate", "request_rate"),
          Map.entry("qps", "request_rate"),
          Map.entry("arrival_pattern", "request_rate_mode"),
          Map.entry("request_rate_distribution", "request_rate_mode"),
          Map.entry("seed", "random_seed"),
          Map.entry("input_tokens_mean", "prompt_input_tokens_mean"),
          Map.entry("input_tokens", "prompt_input_tokens_mean"),
          Map.entry("synthetic_input_tokens_mean", "prompt_input_tokens_mean"),
          Map.entry("isl_stddev", "prompt_input_tokens_stddev"),
          Map.entry("input_tokens_stddev", "prompt_input_tokens_stddev"),
          Map.entry("synthetic_input_tokens_stddev", "prompt_input_tokens_stddev"),
          Map.entry("output_tokens_mean", "prompt_output_tokens_mean"),
          Map.entry("output_tokens", "prompt_output_tokens_mean"),
          Map.entry("osl_stddev", "prompt_output_tokens_stddev"),
          Map.entry("output_tokens_stddev", "prompt_output_tokens_stddev"),
          Map.entry("health_check", "health_check_endpoint"),
          Map.entry("health_endpoint", "health_check_endpoint"),
          Map.entry("health_check_path", "health_check_endpoint"),
          Map.entry("health_check_url", "health_check_endpoint"),
          Map.entry("dataset", "input_file"),
          Map.entry("dataset_path", "input_file"),
          Map.entry("dataset_file", "input_file"),
          Map.entry("dataset_type", "custom_dataset_type"),
          Map.entry("legacy_max_tokens", "use_legacy_max_tokens"),
          Map.entry("server_token_count", "use_server_token_count"),
          Map.entry("use_server_token_counts", "use_server_token_count"),
          Map.entry("headers", BaseSection.HEADER));

  private OtherNames() {}

  /** {@code ; did you mean "concurrency"?}, or nothing. */
  static String hint(String name, Collection<String> names) {
    String plain = name.toLowerCase(Locale.ROOT).replace('-', '_');
    return Optional.ofNullable(KEYS.get(plain))
        .map(key -> "; did you mean " + DisplayText.quoted(key) + "?")
        .orElseGet(() -> NearestName.hint(name, names));
  }
}
