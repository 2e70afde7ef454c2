package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Mapping.Entry;
import dev.caravan.config.yaml.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads {@code sweeps}: for each key, a list of typed, distinct values. */
final class SweepsSection {

  static final String PATH = "sweeps";

  private final VariedKeys keys;
  private final Problems problems;

  SweepsSection(ConfigRules rules, Problems problems) {
    this.keys = new VariedKeys(rules, problems);
    this.problems = problems;
  }

  /** The sweeps in the order of the file. */
  Map<String, GivenValue> read(Mapping section) {
    Map<String, GivenValue> given = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, entry) ->
                keys.reader(name, entry, section.path(name))
                    .flatMap(reader -> list(entry, section.path(name), reader))
                    .ifPresent(list -> VariedKeys.add(name, list, given, problems)));
    return given;
  }

  private Optional<GivenValue> list(Entry entry, String path, VariedKeys.Reader reader) {
    if (!(entry.value() instanceof SequenceNode list)) {
      problems.add(entry.value(), path, "must be a list of values, such as [1, 2, 4]");
      return Optional.of(new GivenValue(entry.value(), path, List.of()));
    }
    if (list.getValue().isEmpty()) {
      problems.add(list, path, "must not be empty; remove the key instead");
    }
    return Optional.of(new GivenValue(list, path, items(list, path, reader)));
  }

  private List<Object> items(SequenceNode list, String path, VariedKeys.Reader reader) {
    List<Object> items = new ArrayList<>();
    Map<Object, Integer> firstIndexes = new HashMap<>();
    for (int i = 0; i < list.getValue().size(); i++) {
      Node node = list.getValue().get(i);
      String itemPath = path + "[" + i + "]";
      Optional<Object> value = reader.read(node, itemPath);
      Integer first = value.isEmpty() ? null : firstIndexes.putIfAbsent(value.get(), i);
      if (first != null) {
        problems.add(node, itemPath, "duplicate of item [" + first + "]");
      }
      value.ifPresent(items::add);
    }
    return items;
  }
}
