package dev.caravan.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Renames the input files in a config, leaving every other character unchanged. */
public final class InputFileRewriter {

  private static final String KEY = "input_file";

  private InputFileRewriter() {}

  /** Maps input file names. */
  public interface Renaming {

    /** The new name; empty to keep the old one. */
    Optional<String> apply(String name) throws IOException;
  }

  /** The config with its input files renamed; unchanged if it has none or is not valid YAML. */
  public static byte[] replace(byte[] config, Renaming renaming) throws IOException {
    String text = new String(config, StandardCharsets.UTF_8);
    StringBuilder rewritten = new StringBuilder(text);
    for (ScalarNode name : fileNames(text)) {
      Optional<String> newName = renaming.apply(name.getValue());
      if (newName.isPresent()) {
        int start = text.offsetByCodePoints(0, name.getStartMark().getIndex());
        int end = text.offsetByCodePoints(0, name.getEndMark().getIndex());
        rewritten.replace(start, end, quoted(newName.get()));
      }
    }
    return rewritten.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** The scalars with input file names, last one first. */
  private static List<ScalarNode> fileNames(String text) {
    List<ScalarNode> names = new ArrayList<>();
    try {
      Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      children(root, "base_config").flatMap(n -> children(n, KEY)).forEach(n -> collect(n, names));
      children(root, "sweeps").flatMap(n -> children(n, KEY)).forEach(n -> collect(n, names));
    } catch (YAMLException e) {
      // Acceptance reports what is wrong with the config.
      names.clear();
    }
    names.sort(Comparator.comparingInt((ScalarNode n) -> n.getStartMark().getIndex()).reversed());
    return names;
  }

  private static Stream<Node> children(Node node, String key) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
            .map(tuple -> tuple.getValueNode())
        : Stream.empty();
  }

  private static void collect(Node node, List<ScalarNode> names) {
    if (node instanceof ScalarNode scalar) {
      names.add(scalar);
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> collect(item, names));
    }
  }
}
