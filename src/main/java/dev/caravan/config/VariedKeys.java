package dev.caravan.config;

import dev.caravan.config.yaml.Mapping.Entry;
import dev.caravan.config.yaml.Problems;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** Reads values of the keys that may differ between the runs of a batch. */
final class VariedKeys {

  /** Doubles below this represent every integer exactly. */
  private static final double EXACT_BELOW = 1L << 53;

  private final ValueReader values;
  private final OptionNames names;
  private final OptionValues optionValues;
  private final Problems problems;

  VariedKeys(ConfigRules rules, Problems problems) {
    this.values = new ValueReader(rules, problems);
    this.names = new OptionNames(rules, problems);
    this.optionValues = new OptionValues(values, problems);
    this.problems = problems;
  }

  /** Reads one value. */
  interface Reader {

    /** The typed value at a node; empty after adding a problem. */
    Optional<Object> read(Node node, String path);
  }

  /** The reader of a key's values; empty after adding a problem. */
  Optional<Reader> reader(String name, Entry entry, String path) {
    Optional<ConfigKey> key = ConfigKeys.find(name);
    if (key.isPresent() && key.get().sweepable()) {
      return Optional.of((node, at) -> values.read(key.get(), node, at).map(VariedKeys::asInteger));
    }
    Optional<Option> option = names.find(name);
    if (option.isEmpty()) {
      problems.add(entry.key(), path, () -> unknown(name));
    }
    option.ifPresent(found -> names.remark(found, entry, path));
    return option.map(
        found -> (node, at) -> optionValues.single(found, node, at).map(VariedKeys::asInteger));
  }

  /** Puts a value under the full name of its key; adds a problem if there is one already. */
  static void add(String name, GivenValue value, Map<String, GivenValue> given, Problems problems) {
    GivenValue other = given.putIfAbsent(ConfigKeys.fullName(name), value);
    if (other != null) {
      problems.add(value.node(), value.path(), "duplicate of " + other.path() + "; set only one");
    }
  }

  /** Whether a key or an option takes whole numbers. */
  boolean isCount(String name) {
    return ConfigKeys.find(name)
        .map(key -> key.type() == ConfigKey.Type.INTEGER)
        .or(() -> names.find(name).map(option -> option.kind() == Option.Kind.INTEGER))
        .orElse(false);
  }

  private String unknown(String name) {
    if (name.equals(Parameters.OPTIONS)) {
      return "cannot be varied as a whole; name each option separately";
    }
    if (names.isKnown(name)) {
      return names.refusal(name);
    }
    Set<String> all = new LinkedHashSet<>(ConfigKeys.names());
    all.addAll(AiperfOptions.shipped().allowed().keySet());
    String near = OtherNames.hint(name, all);
    return "unknown key"
        + (near.isEmpty() ? "; this takes keys of base_config and aiperf options" : near);
  }

  /**
   * Converts whole numbers to integers even if the key takes fractions: {@code run_aiperf.py} swept
   * only integers and strings, and other programs expect {@code 10} in the JSON of folder {@code
   * …rate10}.
   */
  static Object asInteger(Object value) {
    return value instanceof Double number
            && number == Math.rint(number)
            && Math.abs(number) < EXACT_BELOW
        ? (Object) number.longValue()
        : value;
  }
}
