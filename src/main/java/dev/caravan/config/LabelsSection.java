package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code labels}: a flat map of user-defined strings, kept as written. */
final class LabelsSection {

  static final String PATH = "labels";

  private static final String NAME = "[A-Za-z0-9_.-]{1,64}";

  private final ValueReader values;
  private final Problems problems;

  LabelsSection(ConfigRules rules, Problems problems) {
    this.values = new ValueReader(rules, problems);
    this.problems = problems;
  }

  /** The labels in the order of the file, without empty ones. */
  Map<String, String> read(Mapping section) {
    Map<String, String> labels = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, entry) -> {
              if (!name.matches(NAME)) {
                problems.add(
                    entry.key(),
                    section.path(name),
                    "a label name must be 1 to 64 letters, digits, \"_\", \".\" or \"-\"");
              } else if (!ValueReader.isAbsent(entry.value())) {
                value(entry.value(), section.path(name)).ifPresent(v -> labels.put(name, v));
              }
            });
    return labels;
  }

  private Optional<String> value(Node node, String path) {
    Optional<String> text =
        values.scalar(node, path, "a single value; labels cannot be nested").map(Scalar::raw);
    Optional<String> violation = text.flatMap(TextRules::label);
    violation.ifPresent(
        rule -> problems.add(node, path, DisplayText.quoted(text.orElseThrow()) + ": " + rule));
    return violation.isEmpty() ? text : Optional.empty();
  }
}
