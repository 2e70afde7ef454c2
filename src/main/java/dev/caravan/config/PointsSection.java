package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads the lists of sets of values: {@code points}, which are run, and {@code exclude}, which are
 * not.
 */
final class PointsSection {

  static final String PATH = "points";
  static final String EXCLUDE = "exclude";

  /** Each is checked against all rules; a large product belongs in sweeps. */
  private static final int MAX_ITEMS = 1_000;

  private final VariedKeys keys;
  private final Problems problems;

  PointsSection(ConfigRules rules, Problems problems) {
    this.keys = new VariedKeys(rules, problems);
    this.problems = problems;
  }

  /**
   * One set of values.
   *
   * @param node its YAML node, for its position
   * @param path its key path
   * @param given the values, by the full names of their keys
   */
  record Item(Node node, String path, Map<String, GivenValue> given) {

    /** The values by key, without refused ones. */
    Map<String, Object> values() {
      Map<String, Object> values = new LinkedHashMap<>();
      given.forEach((key, each) -> each.values().forEach(value -> values.put(key, value)));
      return values;
    }
  }

  /** The items in the order of the file. */
  List<Item> read(Node node, String section) {
    if (!(node instanceof SequenceNode list)) {
      problems.add(node, section, "must be a list of mappings, such as [{isl: 1024, osl: 128}]");
      return List.of();
    }
    if (list.getValue().isEmpty()) {
      problems.add(node, section, "must not be empty; remove the section instead");
    }
    if (list.getValue().size() > MAX_ITEMS) {
      problems.add(
          node,
          section,
          "has " + list.getValue().size() + " items; at most " + MAX_ITEMS + " are allowed");
      return List.of();
    }
    return items(list.getValue(), section);
  }

  private List<Item> items(List<Node> nodes, String section) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      item(node, section + "[" + i + "]").ifPresent(items::add);
    }
    return items;
  }

  private Optional<Item> item(Node node, String path) {
    if (!(node instanceof MappingNode mapping) || mapping.getValue().isEmpty()) {
      problems.add(node, path, "must be a mapping of keys to values, such as {isl: 1024}");
      return Optional.empty();
    }
    Mapping section = Mapping.of(mapping, path, problems);
    Map<String, GivenValue> given = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              String at = section.path(name);
              keys.reader(name, entry, at)
                  .map(reader -> reader.read(entry.value(), at).stream().toList())
                  .map(values -> new GivenValue(entry.value(), at, values))
                  .ifPresent(value -> VariedKeys.add(name, value, given, problems));
            });
    return Optional.of(new Item(node, path, given));
  }
}
