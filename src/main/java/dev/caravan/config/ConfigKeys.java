package dev.caravan.config;

import dev.caravan.config.ConfigKey.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The table of {@code base_config} keys, the only one: the reader, the JSON Schema and the command
 * line follow it. Names, order, types and defaults are those of {@code run_aiperf.py} and its page;
 * limits are those of aiperf 0.13.0, where it refuses a value.
 */
public final class ConfigKeys {

  /** The path that {@code run_aiperf.py} takes when a config names none. */
  static final String CHAT_PATH = "/v1/chat/completions";

  private static final List<ConfigKey> ALL =
      List.of(
          text("model", TextFormat.NO_COMMA, "Model identifier, as the service knows it.").needed(),
          text(
              "tokenizer", TextFormat.ANY, "Tokenizer: a Hugging Face name, a folder, or builtin."),
          text("url", TextFormat.URL, "Base URL of the inference service.").needed(),
          text("endpoint", TextFormat.PATH, "API endpoint path.").orElse(CHAT_PATH),
          choice("endpoint_type", "Type of endpoint.", "chat", "completions").orElse("chat"),
          text(
                  "api_key_env_var",
                  TextFormat.VARIABLE,
                  "Name of the variable that holds the API key.")
              .kept(),
          flag("streaming", "Whether replies are streamed.").orElse(false),
          whole("warmup_request_count", 0, "Number of requests before the measured phase.")
              .needed(),
          whole("benchmark_duration", 1, "Length of the measured phase, in seconds.").needed(),
          whole("concurrency", 1, "Number of requests in flight.").needed(),
          number("request_rate", ">0", "Requests per second; as fast as they come without it."),
          choice("request_rate_mode", "How requests arrive at a rate.", "constant", "poisson")
              .orElse("constant"),
          whole("random_seed", 0, "Seed of the synthetic prompts, to have the same in every run."),
          whole("prompt_input_tokens_mean", 0, "Mean length of a prompt, in tokens."),
          whole("prompt_input_tokens_stddev", 0, "Standard deviation of the prompt length."),
          whole("prompt_output_tokens_mean", 0, "Mean length asked of a reply, in tokens."),
          whole("prompt_output_tokens_stddev", 0, "Standard deviation of the reply length."),
          text(
                  "health_check_endpoint",
                  TextFormat.PATH_OR_NONE,
                  "Path asked before a run, or none.")
              .kept(),
          flag("use_legacy_max_tokens", "Whether max_tokens is sent in its old form."),
          flag("use_server_token_count", "Whether the service's own token counts are taken."),
          text("input_file", TextFormat.FILE, "File of prompts, in place of synthetic ones."),
          choice("custom_dataset_type", "Format of input_file.", DatasetTypes.names()),
          ConfigKey.row(Parameters.OPTIONS, Type.OPTIONS, "Further flags of aiperf, by name.")
              .kept());

  private static final Map<String, ConfigKey> BY_NAME = byName();

  private ConfigKeys() {}

  /** The whole table, in the order in which keys become flags. */
  public static List<ConfigKey> all() {
    return ALL;
  }

  /** The key of this name. */
  public static Optional<ConfigKey> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Whether this is a key of {@code base_config} itself, not the name of an aiperf option. */
  public static boolean isKey(String name) {
    return BY_NAME.containsKey(name);
  }

  /** All names, in the order of the table. */
  public static Set<String> names() {
    return BY_NAME.keySet();
  }

  private static ConfigKey text(String name, TextFormat form, String description) {
    return ConfigKey.row(name, Type.TEXT, description).like(form);
  }

  private static ConfigKey choice(String name, String description, String... texts) {
    return ConfigKey.row(name, Type.TEXT, description).oneOf(List.of(texts));
  }

  private static ConfigKey whole(String name, long least, String description) {
    return ConfigKey.row(name, Type.INTEGER, description).within(NumberRange.from(least));
  }

  private static ConfigKey number(String name, String bounds, String description) {
    return ConfigKey.row(name, Type.NUMBER, description).within(NumberRange.of(bounds));
  }

  private static ConfigKey flag(String name, String description) {
    return ConfigKey.row(name, Type.BOOLEAN, description);
  }

  private static Map<String, ConfigKey> byName() {
    Map<String, ConfigKey> byName = new LinkedHashMap<>();
    ALL.forEach(key -> byName.put(key.name(), key));
    return Collections.unmodifiableMap(byName);
  }
}
