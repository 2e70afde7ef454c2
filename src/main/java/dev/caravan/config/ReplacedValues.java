package dev.caravan.config;

import dev.caravan.config.settings.SecretNames;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.Problems;
import java.util.List;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Checks the values that overrides took the place of. They stay in the file and in batch.json,
 * which are kept and shown, so that they may hold no secret either.
 */
final class ReplacedValues {

  private final ConfigRules rules;
  private final Problems problems;

  ReplacedValues(ConfigRules rules, Problems problems) {
    this.rules = rules;
    this.problems = problems;
  }

  /** Adds a problem for each value that would be refused, and not shown, where it is in use. */
  void check(List<ConfigTree.Replaced> replaced) {
    for (ConfigTree.Replaced value : replaced) {
      String name = value.path().get(value.path().size() - 1);
      check(name, KeyOverride.pathText(value.path()), value.value());
    }
  }

  private void check(String name, String path, Node node) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple entry : mapping.getValue()) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
          String keyPath = path + "." + DisplayText.key(key.getValue());
          check(key.getValue(), keyPath, entry.getValueNode());
        }
      }
    } else if (node instanceof SequenceNode list) {
      list.getValue().forEach(item -> check(name, path, item));
    } else if (ConfigKeys.find(name).filter(key -> mayBeSecret(key, node)).isPresent()) {
      problems.add(
          node,
          path,
          ValueReader.HIDDEN
              + ": an option replaces it, but the config keeps it, and it may be secret");
    }
  }

  private boolean mayBeSecret(ConfigKey key, Node node) {
    String text = ((ScalarNode) node).getValue();
    if (key.mayHoldSecret()) {
      boolean isUsable = rules.secretAllowed(text) && rules.secretSet(text);
      return !text.isEmpty() && !SecretNames.looksLikeName(text) && !isUsable;
    }
    return ValueReader.mustHide(key, text) && key.format().violation(text).isPresent();
  }
}
