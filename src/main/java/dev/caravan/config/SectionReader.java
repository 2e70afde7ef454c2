package dev.caravan.config;

import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/** Reads one of Caravan's own sections by the table of its keys. */
final class SectionReader {

  /** A year. Longer ones are slips of the pen, and sums of them would leave a clock's range. */
  private static final String HOURS = "<=8760";

  private final Mapping section;
  private final List<ConfigKey> keys;
  private final ValueReader values;

  /** Adds a problem for every key that the table does not have. */
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

  /** A key whose duration is more than none. */
  static ConfigKey duration(String name, String description) {
    return ConfigKey.row(name, ConfigKey.Type.DURATION, description)
        .within(NumberRange.of(">0," + HOURS));
  }

  /** A key whose duration may be none. */
  static ConfigKey durationOrNone(String name, String description) {
    return ConfigKey.row(name, ConfigKey.Type.DURATION, description)
        .within(NumberRange.of(">=0," + HOURS));
  }

  /** A key whose whole number lies between these, both inside. */
  static ConfigKey whole(String name, int least, int most, String description) {
    NumberRange bounds = NumberRange.of(">=" + least + ",<=" + most);
    return ConfigKey.row(name, ConfigKey.Type.INTEGER, description).within(bounds);
  }

  /** What stands at a key; empty when that is nothing. */
  Optional<Node> node(String name) {
    return section.get(name).map(Mapping.Entry::value).filter(node -> !ValueReader.absent(node));
  }

  Optional<Duration> duration(String name) {
    return read(name).map(Duration.class::cast);
  }

  Optional<Integer> whole(String name) {
    return read(name).map(value -> Math.toIntExact((Long) value));
  }

  Optional<Boolean> truth(String name) {
    return read(name).map(Boolean.class::cast);
  }

  Optional<String> text(String name) {
    return read(name).map(String.class::cast);
  }

  /** The value of a key; empty when it is not given, or after a problem was added. */
  private Optional<Object> read(String name) {
    ConfigKey key = keys.stream().filter(k -> k.name().equals(name)).findFirst().orElseThrow();
    return node(name).flatMap(node -> values.read(key, node, section.path(name)));
  }

  private static String unknown(String name, List<String> names) {
    String near = NearestName.hint(name, names);
    return "unknown key"
        + (near.isEmpty() ? "; the keys here are " + String.join(", ", names) : near);
  }
}
