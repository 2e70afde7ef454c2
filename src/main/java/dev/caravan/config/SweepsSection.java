package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Mapping.Entry;
import dev.caravan.config.yaml.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads {@code sweeps}: for each key, a list of typed, distinct values. */
final class SweepsSection {

  static final String PATH = "sweeps";

  /** Doubles below this represent every integer exactly. */
  private static final double EXACT_BELOW = 1L << 53;

  private final ValueReader values;
  private final OptionNames names;
  private final OptionValues optionValues;
  private final Problems problems;

  SweepsSection(ConfigRules rules, Problems problems) {
    this.values = new ValueReader(rules, problems);
    this.names = new OptionNames(rules, problems);
    this.optionValues = new OptionValues(values, problems);
    this.problems = problems;
  }

  /** The sweeps in the order of the file. */
  Map<String, GivenValue> read(Mapping section) {
    Map<String, GivenValue> given = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, entry) ->
                reader(name, entry, section.path(name))
                    .flatMap(read -> list(entry, section.path(name), read))
                    .ifPresent(list -> given.put(name, list)));
    return given;
  }

  private Optional<BiFunction<Node, String, Optional<Object>>> reader(
      String name, Entry entry, String path) {
    Optional<ConfigKey> key = ConfigKeys.find(name);
    if (key.isPresent() && key.get().sweepable()) {
      return Optional.of((node, itemPath) -> values.read(key.get(), node, itemPath));
    }
    Optional<Option> option = names.find(name);
    if (option.isEmpty()) {
      problems.add(entry.key(), path, () -> unknown(name));
    }
    return option.map(found -> (node, itemPath) -> optionValues.single(found, node, itemPath));
  }

  private String unknown(String name) {
    if (name.equals(Parameters.OPTIONS)) {
      return "cannot be swept as a whole; sweep each option by its own name";
    }
    if (names.isKnown(name)) {
      return names.refusal(name);
    }
    Set<String> all = new LinkedHashSet<>(ConfigKeys.names());
    all.addAll(AiperfOptions.shipped().allowed().keySet());
    String near = OtherNames.hint(name, all);
    return "unknown key"
        + (near.isEmpty() ? "; a sweep takes keys of base_config and aiperf options" : near);
  }

  private Optional<GivenValue> list(
      Entry entry, String path, BiFunction<Node, String, Optional<Object>> read) {
    if (!(entry.value() instanceof SequenceNode list)) {
      problems.add(entry.value(), path, "must be a list of values, such as [1, 2, 4]");
      return Optional.of(new GivenValue(entry.value(), path, List.of()));
    }
    if (list.getValue().isEmpty()) {
      problems.add(list, path, "must not be empty; remove the key instead");
    }
    return Optional.of(new GivenValue(list, path, items(list, path, read)));
  }

  private List<Object> items(
      SequenceNode list, String path, BiFunction<Node, String, Optional<Object>> read) {
    List<Object> items = new ArrayList<>();
    Map<Object, Integer> firstIndexes = new HashMap<>();
    for (int i = 0; i < list.getValue().size(); i++) {
      Node node = list.getValue().get(i);
      String itemPath = path + "[" + i + "]";
      Optional<Object> value = read.apply(node, itemPath).map(SweepsSection::asInteger);
      Integer first = value.isEmpty() ? null : firstIndexes.putIfAbsent(value.get(), i);
      if (first != null) {
        problems.add(node, itemPath, "duplicate of item [" + first + "]");
      }
      value.ifPresent(items::add);
    }
    return items;
  }

  /**
   * Converts whole numbers to integers even if the key takes fractions: {@code run_aiperf.py} swept
   * only integers and strings, and other programs expect {@code 10} in the JSON of folder {@code
   * …rate10}.
   */
  private static Object asInteger(Object value) {
    return value instanceof Double number
            && number == Math.rint(number)
            && Math.abs(number) < EXACT_BELOW
        ? (Object) number.longValue()
        : value;
  }
}
