package dev.caravan.pipeline.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.caravan.config.AiperfOptions;
import dev.caravan.config.ConfigKey;
import dev.caravan.config.ConfigKeys;
import dev.caravan.config.FlagNames;
import dev.caravan.config.Option;
import dev.caravan.config.Parameters;
import dev.caravan.config.text.PythonText;
import dev.caravan.storage.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Builds the {@code aiperf} arguments of one run from its validated parameters, the same way {@code
 * run_aiperf.py} did: {@code key_name: v} becomes {@code --key-name v}, true becomes the bare flag,
 * false becomes nothing, and a list repeats the flag. Keys follow the order of the key table.
 */
public final class AiperfArguments {

  private static final String PROGRAM = "aiperf";
  private static final String HEADER = "header";
  private static final String WARMUP = "warmup_request_count";

  /** Text that aiperf parses from {@code key:value} as a string, not as a number or a keyword. */
  private static final Pattern PLAIN_TEXT =
      Pattern.compile("(?i)(?!(?:true|false|none|null)$)[a-z_/][a-z0-9_./ -]*(?<! )");

  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
  private static final Pattern PLAIN_NUMBER = Pattern.compile("[0-9]+(?:\\.[0-9]+)?");
  private static final BitSet SHELL_SAFE = new BitSet();

  static {
    SHELL_SAFE.set('a', 'z' + 1);
    SHELL_SAFE.set('A', 'Z' + 1);
    SHELL_SAFE.set('0', '9' + 1);
    "_@%+=:,./-".chars().forEach(SHELL_SAFE::set);
  }

  private AiperfArguments() {}

  /**
   * The arguments after the program name: {@code profile --model … --output-artifact-dir DIR
   * --ui-type none}. They never contain the API key.
   */
  public static List<String> of(Parameters parameters, Path outputDir) {
    List<String> arguments = new ArrayList<>(loadArguments(parameters));
    arguments.addAll(outputArguments(outputDir));
    return List.copyOf(arguments);
  }

  /**
   * The equivalent full command as a list, for {@code args} in process_result.json. The API key
   * appears as {@code $NAME}.
   */
  public static List<String> equivalent(Parameters parameters, Path outputDir) {
    List<String> arguments = new ArrayList<>(List.of(PROGRAM));
    arguments.addAll(loadArguments(parameters.shown()));
    parameters.apiKeyEnvVar().ifPresent(name -> arguments.addAll(List.of("--api-key", "$" + name)));
    arguments.addAll(outputArguments(outputDir));
    return List.copyOf(arguments);
  }

  /** The equivalent command as one line to paste into a shell where the key variable is set. */
  public static String shellLine(Parameters parameters, Path outputDir) {
    List<String> tokens = new ArrayList<>(List.of(PROGRAM));
    loadArguments(parameters.shown()).stream().map(AiperfArguments::quoted).forEach(tokens::add);
    parameters
        .apiKeyEnvVar()
        .ifPresent(name -> tokens.addAll(List.of("--api-key", "\"$" + name + "\"")));
    outputArguments(outputDir).stream().map(AiperfArguments::quoted).forEach(tokens::add);
    return String.join(" ", tokens);
  }

  /** The headers that aiperf adds to each request, by name. */
  public static Map<String, String> headers(Parameters parameters) {
    return parameters
        .find(HEADER)
        .map(
            value ->
                option(HEADER, value).stream().filter(text -> !text.equals(FlagNames.of(HEADER))))
        .map(values -> HeaderOption.read(values.toList()))
        .orElse(Map.of());
  }

  private static List<String> loadArguments(Parameters parameters) {
    List<String> arguments = new ArrayList<>(List.of("profile"));
    // Without lambdas, which took a tenth of the time of a long plan.
    for (ConfigKey key : ConfigKeys.all()) {
      Object value = parameters.values().get(key.name());
      Optional<String> flag = key.flag();
      if (value != null && flag.isPresent() && !isNoWarmup(key, value)) {
        arguments.addAll(flag(flag.get(), value));
      }
    }
    parameters.options().forEach((name, value) -> arguments.addAll(option(name, value)));
    return arguments;
  }

  /** aiperf rejects a warm-up of 0 requests; leaving the flag out means no warm-up. */
  private static boolean isNoWarmup(ConfigKey key, Object value) {
    return key.name().equals(WARMUP) && value.equals(0L);
  }

  private static List<String> outputArguments(Path outputDir) {
    return List.of("--output-artifact-dir", outputDir.toString(), "--ui-type", "none");
  }

  private static List<String> flag(String flag, Object value) {
    if (value instanceof Boolean on) {
      return on ? List.of(flag) : List.of();
    }
    if (value instanceof List<?> list) {
      return list.stream().flatMap(item -> flag(flag, item).stream()).toList();
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream().flatMap(e -> List.of(flag, item(e)).stream()).toList();
    }
    return List.of(flag, PythonText.str(value));
  }

  private static List<String> option(String name, Object value) {
    Option.Kind kind =
        AiperfOptions.shipped().find(name).map(Option::kind).orElse(Option.Kind.FREE);
    if (kind == Option.Kind.SWITCH && value.equals(false)) {
      return List.of("--no-" + FlagNames.of(name).substring("--".length()));
    }
    return kind == Option.Kind.PAIRS
        ? List.of(FlagNames.of(name), pairs(value))
        : flag(FlagNames.of(name), value);
  }

  /** One argument with space-separated items, the format of {@code --goodput}. */
  private static String pairs(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(PythonText::str).collect(Collectors.joining(" "));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> e.getKey() + ":" + PythonText.plain(e.getValue()))
          .collect(Collectors.joining(" "));
    }
    return PythonText.str(value);
  }

  /**
   * {@code key:value} if aiperf parses the same value from it, otherwise a JSON object with one
   * entry, which aiperf also accepts (see aiperf.config.loader.parsing).
   */
  private static String item(Map.Entry<?, ?> entry) {
    Object value = entry.getValue();
    String text = value instanceof Boolean ? value.toString() : PythonText.str(value);
    boolean plain =
        value instanceof Boolean
            || (value instanceof Number && PLAIN_NUMBER.matcher(text).matches())
            || (value instanceof String && PLAIN_TEXT.matcher(text).matches());
    return plain && PLAIN_KEY.matcher(entry.getKey().toString()).matches()
        ? entry.getKey() + ":" + text
        : json(Map.of(entry.getKey(), value));
  }

  private static String json(Map<?, ?> value) {
    try {
      return Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("values read from YAML can always be written as JSON", e);
    }
  }

  private static String quoted(String argument) {
    return isShellSafe(argument) ? argument : "'" + argument.replace("'", "'\\''") + "'";
  }

  /** Without a pattern, which took a third of the time of a long plan. */
  private static boolean isShellSafe(String argument) {
    for (int i = 0; i < argument.length(); i++) {
      if (!SHELL_SAFE.get(argument.charAt(i))) {
        return false;
      }
    }
    return !argument.isEmpty();
  }
}
