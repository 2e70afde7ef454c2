package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the top level of a config: its names, and where its sections are. */
final class TopSection {

  static final String NAME = "batch_name";
  static final String OUTPUT = "output_base_dir";

  /** What {@code run_aiperf.py} takes when a config names none. */
  static final String DEFAULT_NAME = "benchmark";

  static final String DEFAULT_OUTPUT = "aiperf_results";

  /** Where a batch stands among those that wait for the same target, as JMS counts it. */
  static final ConfigKey PRIORITY =
      SectionReader.whole("priority", 0, 9, "A batch of a higher one goes first on its target.");

  static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              NAME,
              OUTPUT,
              BaseSection.PATH,
              SweepsSection.PATH,
              LabelsSection.PATH,
              LimitsSection.PATH,
              RetrySection.PATH,
              ReadinessSection.PATH,
              RerunSection.PATH,
              WorkerSection.PATH,
              PRIORITY.name()));

  /** Sections of other versions: better refused by name than taken for a slip of the pen. */
  private static final Set<String> RESERVED =
      Set.of("repeat", "checks", "variants", "points", "exclude", "cool_down", "hooks");

  private final Mapping top;
  private final ValueReader values;
  private final Problems problems;

  TopSection(Mapping top, ConfigRules rules, Problems problems) {
    this.top = top;
    this.values = new ValueReader(rules, problems);
    this.problems = problems;
  }

  /** Adds a problem for every key that has no place here. */
  void refuseUnknown() {
    top.entries()
        .forEach(
            (name, entry) -> {
              if (!KEYS.contains(name) && !name.startsWith("x-") && !name.startsWith("_")) {
                problems.add(entry.key(), top.path(name), () -> unknown(name));
              }
            });
  }

  /** A text of the top level, its default when it is not given or broken. */
  String text(String name, String byDefault, Function<String, Optional<String>> rule) {
    return top.get(name)
        .filter(entry -> !ValueReader.absent(entry.value()))
        .flatMap(entry -> text(entry.value(), name, rule))
        .orElse(byDefault);
  }

  /** The priority; empty when it is not given or broken. */
  OptionalInt priority() {
    return top.get(PRIORITY.name())
        .map(Mapping.Entry::value)
        .filter(node -> !ValueReader.absent(node))
        .flatMap(node -> values.read(PRIORITY, node, PRIORITY.name()))
        .map(value -> OptionalInt.of(Math.toIntExact((Long) value)))
        .orElse(OptionalInt.empty());
  }

  /** A section; empty when it is not given. */
  Optional<Mapping> section(String name) {
    return section(name, Set.of());
  }

  /**
   * A section; empty when it is not given.
   *
   * @param names its keys that are taken as written though YAML 1.1 reads them as something else
   */
  Optional<Mapping> section(String name, Set<String> names) {
    return top.get(name)
        .map(Mapping.Entry::value)
        .filter(node -> !ValueReader.absent(node))
        .flatMap(node -> mapping(node, name, names));
  }

  private Optional<String> text(Node node, String name, Function<String, Optional<String>> rule) {
    Optional<Scalar> scalar = values.scalar(node, name, "a text");
    Optional<String> broken =
        scalar.flatMap(
            s ->
                s.isText()
                    ? rule.apply(s.raw())
                    : Optional.of(
                        "must be a text; it is read as " + s.kind() + ", so write it in quotes"));
    broken.ifPresent(
        why ->
            problems.add(node, name, DisplayText.quoted(scalar.orElseThrow().raw()) + ": " + why));
    return broken.isEmpty() ? scalar.map(Scalar::raw) : Optional.empty();
  }

  private Optional<Mapping> mapping(Node node, String name, Set<String> names) {
    if (node instanceof MappingNode mapping) {
      return Optional.of(Mapping.of(mapping, name, names, problems));
    }
    problems.add(node, name, "must be a mapping of keys to values");
    return Optional.empty();
  }

  private static String unknown(String name) {
    if (RESERVED.contains(name)) {
      return "is not in this version of Caravan; take the section out";
    }
    if (ConfigKeys.isKey(name)) {
      return "belongs under base_config; mind the indentation";
    }
    String near = NearestName.hint(name, KEYS);
    return "unknown key"
        + (near.isEmpty() ? "; the keys here are " + String.join(", ", KEYS) : near)
        + (near.isEmpty() ? "; notes of your own start with \"x-\" or \"_\"" : "");
  }
}
