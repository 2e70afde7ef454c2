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
 * Where the batch of a config will lie, read from the config without checking it.
 *
 * @param outputBaseDir results root as written, or its default
 * @param batchName name as written, or its default
 */
public record BatchPaths(String outputBaseDir, String batchName) {

  /** The place that the config names; the defaults where it is no YAML. */
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
              .filter(t -> t.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
              .map(t -> t.getValueNode())
              .filter(ScalarNode.class::isInstance)
              .map(value -> ((ScalarNode) value).getValue())
              .findFirst()
          : Optional.empty();
    } catch (YAMLException e) {
      // Whoever accepts the config says what is wrong with it.
      return Optional.empty();
    }
  }
}
