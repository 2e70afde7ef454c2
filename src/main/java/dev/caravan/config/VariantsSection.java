package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code variants}: by name, what each changes of {@code base_config}. */
final class VariantsSection {

  static final String PATH = "variants";

  static final String GROUP = "group";
  private static final int MAX_VARIANTS = 100;

  /** A name begins folder names, where two underscores end it. */
  private static final Pattern NAME =
      Pattern.compile("(?!.*(?:__|_$|\\.$))[A-Za-z0-9][A-Za-z0-9._-]{0,39}");

  /** Names of files beside the folders, and what stands for the index of a run. */
  private static final Pattern TAKEN =
      Pattern.compile("(?i)\\d+|attempts|.*\\.(?:yaml|jsonl?|csv|html|md|xml|tmp|lock)");

  private final BaseSection base;
  private final LabelsSection labels;
  private final ValueReader values;
  private final Problems problems;

  VariantsSection(ConfigRules rules, Problems problems) {
    this.base = new BaseSection(rules, problems, true);
    this.labels = new LabelsSection(rules, problems);
    this.values = new ValueReader(rules, problems);
    this.problems = problems;
  }

  /**
   * What one variant says.
   *
   * @param given the values that it sets, by key; one without a value is removed from the base
   * @param labels its own labels
   * @param group the thing that it is, if it says so
   */
  record Given(Map<String, GivenValue> given, Map<String, String> labels, Optional<String> group) {}

  /** The variants in the order of the file. */
  Map<String, Given> read(Mapping section) {
    if (section.entries().size() > MAX_VARIANTS) {
      problems.add(
          section.node(),
          PATH,
          "has "
              + section.entries().size()
              + " variants; at most "
              + MAX_VARIANTS
              + " are allowed");
      return Map.of();
    }
    Map<String, Given> variants = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              String path = section.path(name);
              if (!NAME.matcher(name).matches()) {
                problems.add(
                    entry.key(),
                    path,
                    "a variant's name must be 1 to 40 letters, digits, \"_\", \".\" or \"-\", without"
                        + " \"__\"");
              } else if (TAKEN.matcher(name).matches()) {
                problems.add(
                    entry.key(),
                    path,
                    "is not a valid variant name: files or runs have such names");
              } else {
                variants.put(name, variant(entry.value(), path));
              }
            });
    return variants;
  }

  private Given variant(Node node, String path) {
    if (ValueReader.isAbsent(node)) {
      return new Given(Map.of(), Map.of(), Optional.empty()); // the base as it is
    }
    if (!(node instanceof MappingNode mapping)) {
      problems.add(node, path, "must be a mapping of keys to values, such as {url: …}");
      return new Given(Map.of(), Map.of(), Optional.empty());
    }
    Mapping section = Mapping.of(mapping, path, problems);
    return new Given(
        base.read(section, Set.of(), Set.of(LabelsSection.PATH, GROUP)),
        section.get(LabelsSection.PATH).map(entry -> labels(entry, section)).orElse(Map.of()),
        section
            .get(GROUP)
            .filter(entry -> !ValueReader.isAbsent(entry.value()))
            .flatMap(entry -> group(entry.value(), section.path(GROUP))));
  }

  private Map<String, String> labels(Mapping.Entry entry, Mapping variant) {
    String path = variant.path(LabelsSection.PATH);
    if (entry.value() instanceof MappingNode mapping) {
      return labels.read(Mapping.of(mapping, path, problems));
    }
    if (!ValueReader.isAbsent(entry.value())) {
      problems.add(entry.value(), path, "must be a mapping of names to values");
    }
    return Map.of();
  }

  private Optional<String> group(Node node, String path) {
    Optional<String> name = values.scalar(node, path, "a name").map(Scalar::raw);
    if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
      problems.add(
          node, path, DisplayText.quoted(name.get()) + ": must be a name like that of a variant");
      return Optional.empty();
    }
    return name;
  }
}
