package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Where the results of a config will go, read from the config without checking it.
 *
 * @param outputBaseDir results folder as written, or its default
 * @param batchName name as written, or its default
 */
public record BatchPaths(String outputBaseDir, String batchName) {

  /** The paths in the config with its overrides; the defaults if it is not valid YAML. */
  public static BatchPaths of(byte[] config, Overrides overrides) {
    Optional<MappingNode> tree = tree(config).map(overrides::over);
    return new BatchPaths(
        value(tree, TopSection.OUTPUT).orElse(TopSection.DEFAULT_OUTPUT),
        value(tree, TopSection.NAME).orElse(TopSection.DEFAULT_NAME));
  }

  private static Optional<MappingNode> tree(byte[] config) {
    try {
      String text = new String(config, StandardCharsets.UTF_8);
      Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      return root instanceof MappingNode mapping ? Optional.of(mapping) : Optional.empty();
    } catch (YAMLException e) {
      // Acceptance reports what is wrong with the config.
      return Optional.empty();
    }
  }

  private static Optional<String> value(Optional<MappingNode> tree, String key) {
    return tree.flatMap(mapping -> Mapping.find(mapping, key))
        .filter(ScalarNode.class::isInstance)
        .map(value -> ((ScalarNode) value).getValue());
  }
}
