package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code per_concurrency}: for each count, its number for each concurrent request. */
final class PerConcurrencySection {

  static final String PATH = "per_concurrency";

  private static final Set<String> OTHER_NUMBERS =
      Set.of(ConfigKeys.CONCURRENCY, ConfigKeys.DURATION, "random_seed");
  private static final NumberRange RANGE = NumberRange.parse(">=1,<=1000000");

  private final VariedKeys keys;
  private final ValueReader values;
  private final Problems problems;

  PerConcurrencySection(ConfigRules rules, Problems problems) {
    this.keys = new VariedKeys(rules, problems);
    this.values = new ValueReader(rules, problems);
    this.problems = problems;
  }

  /** The numbers, by the full names of their keys. */
  Map<String, GivenValue> read(Mapping section) {
    Map<String, GivenValue> given = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              String path = section.path(name);
              if (keys.reader(name, entry, path).isPresent() && isCount(name, entry.key(), path)) {
                VariedKeys.add(name, number(name, entry.value(), path), given, problems);
              }
            });
    return given;
  }

  private boolean isCount(String name, Node key, String path) {
    String full = ConfigKeys.fullName(name);
    boolean isCount =
        keys.isCount(full) && !OTHER_NUMBERS.contains(full) && !full.startsWith("prompt_");
    if (!isCount) {
      problems.add(key, path, "must be a count that grows with concurrency, like request_count");
    }
    return isCount;
  }

  private GivenValue number(String name, Node node, String path) {
    ConfigKey key = ConfigKey.of(name, ConfigKey.Type.INTEGER, "").withRange(RANGE);
    return new GivenValue(node, path, values.read(key, node, path).stream().toList());
  }
}
