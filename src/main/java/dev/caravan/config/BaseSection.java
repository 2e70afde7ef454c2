package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Mapping.Entry;
import dev.caravan.config.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code base_config} with its {@code aiperf_options}. */
final class BaseSection {

  static final String PATH = "base_config";

  /** An option that a branch of {@code run_aiperf.py} has as a key. */
  static final String HEADER = "header";

  private final ValueReader values;
  private final OptionNames names;
  private final OptionValues optionValues;
  private final Problems problems;
  private final boolean keepsNulls;

  BaseSection(ConfigRules rules, Problems problems) {
    this(rules, problems, false);
  }

  /**
   * A reader of parameters.
   *
   * @param keepsNulls whether a null is a value, one that takes away what others set
   */
  BaseSection(ConfigRules rules, Problems problems, boolean keepsNulls) {
    this.keepsNulls = keepsNulls;
    this.values = new ValueReader(rules, problems);
    this.names = new OptionNames(rules, problems);
    this.optionValues = new OptionValues(values, problems);
    this.problems = problems;
  }

  /**
   * Reads the keys and options that are set, in the order of the file.
   *
   * @param swept the keys that {@code sweeps} gives values to
   */
  Map<String, GivenValue> read(Mapping section, Set<String> swept) {
    return read(section, swept, Set.of());
  }

  /**
   * The same, but for some entries of the section, which another reader takes.
   *
   * @param others their names
   */
  Map<String, GivenValue> read(Mapping section, Set<String> swept, Set<String> others) {
    Map<String, GivenValue> given = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              String path = section.path(name);
              Optional<ConfigKey> key = ConfigKeys.find(name);
              if (others.contains(name)) {
                return;
              }
              if (key.isPresent() && !name.equals(Parameters.OPTIONS)) {
                key(key.get(), entry, path, swept)
                    .ifPresent(value -> VariedKeys.add(name, value, given, problems));
              } else if (name.equals(HEADER)) {
                option(HEADER, entry, path)
                    .ifPresent(value -> VariedKeys.add(HEADER, value, given, problems));
              } else if (key.isPresent()) {
                options(entry.value(), path)
                    .forEach((option, value) -> VariedKeys.add(option, value, given, problems));
              } else {
                problems.add(entry.key(), path, () -> unknown(name));
              }
            });
    return given;
  }

  /** Null for a key with a default means no flag at all; false means that anyway. */
  private Optional<GivenValue> key(ConfigKey key, Entry entry, String path, Set<String> swept) {
    if (!ValueReader.isAbsent(entry.value())) {
      return Optional.of(value(key, entry, path, swept.contains(key.name())));
    }
    boolean isValue =
        keepsNulls || key.defaultValue().filter(value -> !value.equals(false)).isPresent();
    return isValue ? Optional.of(new GivenValue(entry.value(), path, List.of())) : Optional.empty();
  }

  private Optional<GivenValue> option(String name, Entry entry, String path) {
    Optional<Option> option = names.find(name, entry, path);
    if (option.isEmpty() || ValueReader.isAbsent(entry.value()) && !keepsNulls) {
      return Optional.empty();
    }
    if (ValueReader.isAbsent(entry.value())) {
      return Optional.of(new GivenValue(entry.value(), path, List.of()));
    }
    Optional<Object> value = optionValues.read(option.get(), entry.value(), path);
    return Optional.of(new GivenValue(entry.value(), path, value.stream().toList()));
  }

  /** Configs for {@code run_aiperf.py} have {@code concurrency: 0} when a sweep sets it. */
  private GivenValue value(ConfigKey key, Entry entry, String path, boolean swept) {
    ConfigKey effective =
        swept && key.name().equals(ConfigKeys.CONCURRENCY)
            ? key.withRange(NumberRange.atLeast(0))
            : key;
    Optional<Object> value = values.read(effective, entry.value(), path);
    return new GivenValue(entry.value(), path, value.stream().toList());
  }

  private Map<String, GivenValue> options(Node node, String path) {
    Map<String, GivenValue> given = new LinkedHashMap<>();
    if (ValueReader.isAbsent(node)) {
      if (keepsNulls) {
        problems.add(
            node,
            path,
            "names no option; to remove options of base_config, set each of them to null");
      }
      return given;
    }
    if (!(node instanceof MappingNode mapping)) {
      problems.add(node, path, "must be a mapping of aiperf flags, such as request_count: 500");
      return given;
    }
    Mapping section = Mapping.of(mapping, path, problems);
    section
        .entries()
        .forEach(
            (name, entry) -> {
              String optionPath = section.path(name);
              option(name, entry, optionPath).ifPresent(value -> given.put(name, value));
            });
    return given;
  }

  private String unknown(String name) {
    if (name.equals("api_key")) {
      return "API keys are not allowed in a config; set api_key_env_var to the name of the variable that"
          + " holds the key";
    }
    if (TopSection.KEYS.contains(name)) {
      return "belongs at the top level, not under base_config; check the indentation";
    }
    String near = OtherNames.hint(name, ConfigKeys.names());
    if (near.isEmpty() && names.isKnown(name)) {
      return names.find(name).isPresent()
          ? "is an aiperf flag; put it under base_config.aiperf_options"
          : "is an aiperf flag, " + names.refusal(name);
    }
    return "unknown key" + (near.isEmpty() ? validKeys() : near);
  }

  private static String validKeys() {
    return "; valid keys: " + String.join(", ", List.copyOf(ConfigKeys.names()));
  }
}
