package dev.caravan.config;

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

  /** The paths in the config; the defaults if it is not valid YAML. */
  public static BatchPaths of(byte[] config) {
    String text = new String(config, StandardCharsets.UTF_8);
    return new BatchPaths(
        value(text, "output_base_dir").orElse("aiperf_results"),
        value(text, "batch_name").orElse("benchmark"));
  }

  private static Optional<String> value(String text, String key) {
    try {
      Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      return root instanceof MappingNode mapping
          ? mapping.getValue().stream()
              .filter(
                  tuple -> tuple.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
              .map(tuple -> tuple.getValueNode())
              .filter(ScalarNode.class::isInstance)
              .map(value -> ((ScalarNode) value).getValue())
              .findFirst()
          : Optional.empty();
    } catch (YAMLException e) {
      // Acceptance reports what is wrong with the config.
      return Optional.empty();
    }
  }
}
