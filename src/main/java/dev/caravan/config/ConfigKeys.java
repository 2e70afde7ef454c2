package dev.caravan.config;

import dev.caravan.config.ConfigKey.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The table of {@code base_config} keys, which the reader, the JSON Schema and the aiperf command
 * line follow. Names, order, types and defaults are those of {@code run_aiperf.py}; ranges are
 * those that aiperf 0.13.0 accepts.
 */
public final class ConfigKeys {

  /** The default of {@code run_aiperf.py}. */
  static final String DEFAULT_ENDPOINT = EndpointType.CHAT.path();

  static final String ENDPOINT = "endpoint";
  static final String ENDPOINT_TYPE = "endpoint_type";

  /** The length of the measured phase, in seconds. */
  public static final String DURATION = "benchmark_duration";

  /** The number of requests in flight. */
  public static final String CONCURRENCY = "concurrency";

  /** The number of requests sent per second. */
  public static final String REQUEST_RATE = "request_rate";

  /** The keys that set the load, the preferred one first. */
  public static final List<String> LOADS = List.of(CONCURRENCY, REQUEST_RATE);

  static final String INPUT_FILE = "input_file";
  static final String DATASET_TYPE = "custom_dataset_type";

  private static final List<ConfigKey> ALL =
      List.of(
          string("model", TextFormat.NO_COMMA, "Model name, as the service lists it.").asRequired(),
          string(
              "tokenizer", TextFormat.ANY, "Tokenizer: a Hugging Face name, a folder, or builtin."),
          string("url", TextFormat.URL, "Base URL of the inference service.").asRequired(),
          string(ENDPOINT, TextFormat.ENDPOINT, "API endpoint path.").withDefault(DEFAULT_ENDPOINT),
          choice(ENDPOINT_TYPE, "Type of endpoint.", EndpointType.words()).withDefault("chat"),
          string(
                  "api_key_env_var",
                  TextFormat.VARIABLE,
                  "Name of the environment variable that holds the API key.")
              .notPassed(),
          bool("streaming", "Whether responses are streamed.").withDefault(false),
          integer(
                  "warmup_request_count",
                  0,
                  "Number of warm-up requests before the measured phase.")
              .asRequired(),
          integer(
              DURATION,
              1,
              "Length of the measured phase, in seconds; optional with a request_count."),
          integer(CONCURRENCY, 1, "Number of concurrent requests.").asRequired(),
          ConfigKey.of(
                  REQUEST_RATE,
                  Type.RATE,
                  "Requests per second; as many as concurrency allows if not set, or if inf.")
              .withRange(NumberRange.parse(">0")),
          choice(
                  "request_rate_mode",
                  "Arrival pattern of requests at request_rate.",
                  List.of("constant", "poisson"))
              .withDefault("constant"),
          integer(
              "random_seed", 0, "Seed of the synthetic prompts: every run gets the same prompts."),
          integer("prompt_input_tokens_mean", 0, "Mean length of a prompt, in tokens."),
          integer(
              "prompt_input_tokens_stddev",
              0,
              "Standard deviation of the prompt length, in tokens."),
          integer("prompt_output_tokens_mean", 0, "Requested mean response length, in tokens."),
          integer(
              "prompt_output_tokens_stddev",
              0,
              "Standard deviation of the response length, in tokens."),
          string(
                  "health_check_endpoint",
                  TextFormat.PATH_OR_NONE,
                  "Path to probe before each run, or none.")
              .notPassed(),
          bool(
              "use_legacy_max_tokens",
              "Whether to send max_tokens instead of max_completion_tokens."),
          bool(
              "use_server_token_count",
              "Whether to use the token counts that the service reports."),
          string(
              INPUT_FILE,
              TextFormat.FILE,
              "File or folder of prompts to use instead of synthetic ones."),
          choice(DATASET_TYPE, "Format of input_file.", List.of(DatasetTypes.names())),
          ConfigKey.of(Parameters.OPTIONS, Type.OPTIONS, "Other aiperf flags, by name.")
              .notPassed());

  private static final Map<String, ConfigKey> BY_NAME = byName();

  /** Short names that the field uses, with the keys they stand for. */
  private static final Map<String, String> SHORT_NAMES =
      new TreeMap<>(Map.of("isl", "prompt_input_tokens_mean", "osl", "prompt_output_tokens_mean"));

  private ConfigKeys() {}

  /** All keys, in the order of their flags on the command line. */
  public static List<ConfigKey> all() {
    return ALL;
  }

  /** The name that files hold for a key: the long one of a short name, else the name itself. */
  public static String fullName(String name) {
    return SHORT_NAMES.getOrDefault(name, name);
  }

  /** The short names of keys, with the full names. */
  public static Map<String, String> shortNames() {
    return SHORT_NAMES;
  }

  /** All names of the key that has this one. */
  static Set<String> namesOf(String name) {
    String full = fullName(name);
    Set<String> names = new TreeSet<>(Set.of(full));
    SHORT_NAMES.forEach(
        (small, each) -> names.addAll(each.equals(full) ? Set.of(small) : Set.of()));
    return names;
  }

  /** The key with this name, which may be a short one. */
  public static Optional<ConfigKey> find(String name) {
    ConfigKey key = BY_NAME.get(name);
    return Optional.ofNullable(key == null ? BY_NAME.get(fullName(name)) : key);
  }

  /** Whether this is a key of {@code base_config} itself, rather than an aiperf option. */
  public static boolean isKey(String name) {
    return BY_NAME.containsKey(name);
  }

  /** All key names, in the order of the table. */
  public static Set<String> names() {
    return BY_NAME.keySet();
  }

  private static ConfigKey string(String name, TextFormat format, String description) {
    return ConfigKey.of(name, Type.STRING, description).withFormat(format);
  }

  private static ConfigKey choice(String name, String description, List<String> choices) {
    return ConfigKey.of(name, Type.STRING, description).withChoices(choices);
  }

  private static ConfigKey integer(String name, long min, String description) {
    return ConfigKey.of(name, Type.INTEGER, description).withRange(NumberRange.atLeast(min));
  }

  private static ConfigKey bool(String name, String description) {
    return ConfigKey.of(name, Type.BOOLEAN, description);
  }

  private static Map<String, ConfigKey> byName() {
    Map<String, ConfigKey> byName = new LinkedHashMap<>();
    ALL.forEach(key -> byName.put(key.name(), key));
    return Collections.unmodifiableMap(byName);
  }
}
