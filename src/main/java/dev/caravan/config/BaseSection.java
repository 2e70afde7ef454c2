package dev.caravan.config;

import dev.caravan.config.text.NearestName;
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

  private final ValueReader values;
  private final OptionNames names;
  private final OptionValues optionValues;
  private final Problems problems;

  BaseSection(ConfigRules rules, Problems problems) {
    this.values = new ValueReader(rules, problems);
    this.names = new OptionNames(rules, problems);
    this.optionValues = new OptionValues(values, problems);
    this.problems = problems;
  }

  /**
   * Everything given, keys and options together, in the order of the file.
   *
   * @param swept the keys that a sweep gives its values
   */
  Map<String, GivenValue> read(Mapping section, Set<String> swept) {
    Map<String, GivenValue> given = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              String path = section.path(name);
              Optional<ConfigKey> key = ConfigKeys.find(name);
              if (key.isEmpty()) {
                problems.add(entry.key(), path, () -> unknown(name));
              } else if (name.equals(Parameters.OPTIONS)) {
                given.putAll(options(entry.value(), path));
              } else if (!ValueReader.absent(entry.value())) {
                given.put(name, value(key.get(), entry, path, swept.contains(name)));
              }
            });
    return given;
  }

  /** Zero concurrency stands for "see the sweep" in configs of {@code run_aiperf.py}. */
  private GivenValue value(ConfigKey key, Entry entry, String path, boolean swept) {
    ConfigKey asked =
        swept && key.name().equals("concurrency") ? key.within(NumberRange.from(0)) : key;
    Optional<Object> value = values.read(asked, entry.value(), path);
    return new GivenValue(entry.value(), path, value.stream().toList());
  }

  private Map<String, GivenValue> options(Node node, String path) {
    Map<String, GivenValue> given = new LinkedHashMap<>();
    if (ValueReader.absent(node)) {
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
              String at = section.path(name);
              Optional<Option> option = names.find(name, entry, at);
              if (option.isPresent() && !ValueReader.absent(entry.value())) {
                Optional<Object> value = optionValues.read(option.get(), entry.value(), at);
                given.put(name, new GivenValue(entry.value(), at, value.stream().toList()));
              }
            });
    return given;
  }

  private String unknown(String name) {
    if (name.equals("api_key")) {
      return "a key has no place in a config; name the variable that holds it in api_key_env_var";
    }
    if (TopSection.KEYS.contains(name)) {
      return "belongs to the top level, not into base_config; mind the indentation";
    }
    String near = NearestName.hint(name, ConfigKeys.names());
    if (near.isEmpty() && names.knows(name)) {
      return names.find(name).isPresent()
          ? "is a flag of aiperf; write it under base_config.aiperf_options"
          : "is a flag of aiperf, " + names.refusal(name);
    }
    return "unknown key" + (near.isEmpty() ? among() : near);
  }

  private static String among() {
    return "; the keys are " + String.join(", ", List.copyOf(ConfigKeys.names()));
  }
}
