package dev.caravan.config;

import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/** Reads one of Caravan's own sections according to the table of its keys. */
final class SectionReader {

  /** A year, in hours. Longer durations are typos, and sums of them could overflow. */
  private static final String MAX_HOURS = "<=8760";

  private final Mapping section;
  private final List<ConfigKey> keys;
  private final ValueReader values;

  /** A reader of this section; adds a problem for every unknown key. */
  SectionReader(Mapping section, List<ConfigKey> keys, ValueReader values, Problems problems) {
    this.section = section;
    this.keys = keys;
    this.values = values;
    List<String> names = keys.stream().map(ConfigKey::name).toList();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              if (!names.contains(name)) {
                problems.add(entry.key(), section.path(name), () -> unknown(name, names));
              }
            });
  }

  /** A key with a duration of more than zero. */
  static ConfigKey positiveDurationKey(String name, String description) {
    return ConfigKey.of(name, ConfigKey.Type.DURATION, description)
        .withRange(NumberRange.parse(">0," + MAX_HOURS));
  }

  /** A key with a duration of zero or more. */
  static ConfigKey durationKey(String name, String description) {
    return ConfigKey.of(name, ConfigKey.Type.DURATION, description)
        .withRange(NumberRange.parse(">=0," + MAX_HOURS));
  }

  /** A key with a whole number from {@code min} to {@code max}. */
  static ConfigKey integerKey(String name, int min, int max, String description) {
    NumberRange range = NumberRange.parse(">=" + min + ",<=" + max);
    return ConfigKey.of(name, ConfigKey.Type.INTEGER, description).withRange(range);
  }

  /** The value node of a key; empty if it is not set. */
  Optional<Node> node(String name) {
    return section.get(name).map(Mapping.Entry::value).filter(node -> !ValueReader.isAbsent(node));
  }

  Optional<Duration> duration(String name) {
    return read(name).map(Duration.class::cast);
  }

  Optional<Integer> integer(String name) {
    return read(name).map(value -> Math.toIntExact((Long) value));
  }

  Optional<Boolean> bool(String name) {
    return read(name).map(Boolean.class::cast);
  }

  Optional<String> string(String name) {
    return read(name).map(String.class::cast);
  }

  /** The value of a key; empty if it is not set, or after adding a problem. */
  private Optional<Object> read(String name) {
    ConfigKey key = keys.stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow();
    return node(name).flatMap(node -> values.read(key, node, section.path(name)));
  }

  private static String unknown(String name, List<String> names) {
    String near = NearestName.hint(name, names);
    return "unknown key" + (near.isEmpty() ? "; valid keys: " + String.join(", ", names) : near);
  }
}
