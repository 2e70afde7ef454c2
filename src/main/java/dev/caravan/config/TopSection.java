package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the top level of a config: its own keys, and the sections. */
final class TopSection {

  static final String NAME = "batch_name";
  static final String OUTPUT = "output_base_dir";

  /** The default of {@code run_aiperf.py}. */
  static final String DEFAULT_NAME = "benchmark";

  static final String DEFAULT_OUTPUT = "aiperf_results";

  /** Priority among the batches that wait for a target, in the range of JMS. */
  static final ConfigKey PRIORITY =
      SectionReader.integerKey(
          "priority", 0, 9, "Batches with a higher priority run first on their target.");

  /** Whether no two runs send the same prompts. */
  static final ConfigKey VARY_PROMPTS =
      ConfigKey.of(
              "vary_prompts",
              ConfigKey.Type.BOOLEAN,
              "Whether every run and attempt sends different prompts, which no prefix cache holds.")
          .withDefault(false);

  /** The pause between two runs of a batch. */
  static final ConfigKey COOL_DOWN =
      SectionReader.durationKey("cool_down", "Pause after each run before the next one starts.")
          .withDefault(Duration.ZERO);

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
              ChecksSection.PATH,
              WorkerSection.PATH,
              PointsSection.PATH,
              PointsSection.EXCLUDE,
              PerConcurrencySection.PATH,
              RepeatSection.PATH,
              VariantsSection.PATH,
              SloSection.PATH,
              SearchSection.PATH,
              CompareSection.PATH,
              HooksSection.PATH,
              COOL_DOWN.name(),
              PRIORITY.name(),
              VARY_PROMPTS.name()));

  private final Mapping top;
  private final ValueReader values;
  private final Problems problems;

  TopSection(Mapping top, ConfigRules rules, Problems problems) {
    this.top = top;
    this.values = new ValueReader(rules, problems);
    this.problems = problems;
  }

  /** Adds a problem for every unknown key. */
  void refuseUnknown() {
    top.entries()
        .forEach(
            (name, entry) -> {
              if (!KEYS.contains(name) && !name.startsWith("x-") && !name.startsWith("_")) {
                problems.add(entry.key(), top.path(name), () -> unknown(name));
              }
            });
  }

  /** A string of the top level; the default if it is not set or invalid. */
  String string(String name, String defaultValue, Function<String, Optional<String>> rule) {
    return top.get(name)
        .filter(entry -> !ValueReader.isAbsent(entry.value()))
        .flatMap(entry -> string(entry.value(), name, rule))
        .orElse(defaultValue);
  }

  /** The priority; empty if it is not set or invalid. */
  OptionalInt priority() {
    return read(PRIORITY)
        .map(value -> OptionalInt.of(Math.toIntExact((Long) value)))
        .orElse(OptionalInt.empty());
  }

  /** Whether prompts vary; empty if it is not set or invalid. */
  Optional<Boolean> variesPrompts() {
    return read(VARY_PROMPTS).map(Boolean.class::cast);
  }

  /** The pause between runs; none if it is not set or invalid. */
  Duration coolDown() {
    return read(COOL_DOWN).map(Duration.class::cast).orElse(Duration.ZERO);
  }

  /** The value of a section that is no mapping of its own; empty if it is not set. */
  Optional<Node> node(String name) {
    return top.get(name).map(Mapping.Entry::value).filter(node -> !ValueReader.isAbsent(node));
  }

  private Optional<Object> read(ConfigKey key) {
    return top.get(key.name())
        .map(Mapping.Entry::value)
        .filter(node -> !ValueReader.isAbsent(node))
        .flatMap(node -> values.read(key, node, key.name()));
  }

  /** A section; empty if it is not set. */
  Optional<Mapping> section(String name) {
    return section(name, Set.of());
  }

  /**
   * A section; empty if it is not set.
   *
   * @param literalKeys keys to take literally although YAML 1.1 gives them another type
   */
  Optional<Mapping> section(String name, Set<String> literalKeys) {
    return top.get(name)
        .map(Mapping.Entry::value)
        .filter(node -> !ValueReader.isAbsent(node))
        .flatMap(node -> mapping(node, name, literalKeys));
  }

  private Optional<String> string(Node node, String name, Function<String, Optional<String>> rule) {
    Optional<Scalar> scalar = values.scalar(node, name, "a string");
    Optional<String> violation =
        scalar.flatMap(
            s ->
                s.isString()
                    ? rule.apply(s.raw())
                    : Optional.of(
                        "must be a string; YAML reads it as "
                            + s.kind()
                            + ", so put it in quotes"));
    violation.ifPresent(
        why ->
            problems.add(node, name, DisplayText.quoted(scalar.orElseThrow().raw()) + ": " + why));
    return violation.isEmpty() ? scalar.map(Scalar::raw) : Optional.empty();
  }

  private Optional<Mapping> mapping(Node node, String name, Set<String> literalKeys) {
    if (node instanceof MappingNode mapping) {
      return Optional.of(Mapping.of(mapping, name, literalKeys, problems));
    }
    problems.add(node, name, "must be a mapping of keys to values");
    return Optional.empty();
  }

  private static String unknown(String name) {
    if (ConfigKeys.isKey(name)) {
      return "belongs under base_config; check the indentation";
    }
    String near = NearestName.hint(name, KEYS);
    return "unknown key"
        + (near.isEmpty() ? "; valid keys: " + String.join(", ", KEYS) : near)
        + (near.isEmpty() ? "; keys of your own notes start with \"x-\" or \"_\"" : "");
  }
}
