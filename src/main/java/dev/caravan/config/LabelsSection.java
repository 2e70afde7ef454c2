package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code labels}: a flat map of the user's own words, kept as they were written. */
final class LabelsSection {

  static final String PATH = "labels";

  private static final String NAME = "[A-Za-z0-9_.-]{1,64}";

  private final ValueReader values;
  private final Problems problems;

  LabelsSection(ConfigRules rules, Problems problems) {
    this.values = new ValueReader(rules, problems);
    this.problems = problems;
  }

  /** The labels in the order of the file; one without a value is left out. */
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
                    "the name of a label has 1 to 64 letters, digits, \"_\", \".\" or \"-\"");
              } else if (!ValueReader.absent(entry.value())) {
                value(entry.value(), section.path(name)).ifPresent(v -> labels.put(name, v));
              }
            });
    return labels;
  }

  private Optional<String> value(Node node, String path) {
    Optional<String> text =
        values.scalar(node, path, "one value; labels are flat").map(Scalar::raw);
    Optional<String> broken = text.flatMap(TextRules::label);
    broken.ifPresent(
        rule -> problems.add(node, path, DisplayText.quoted(text.orElseThrow()) + ": " + rule));
    return broken.isEmpty() ? text : Optional.empty();
  }
}
