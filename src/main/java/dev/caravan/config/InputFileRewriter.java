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

/** Rewrites the input files that a config names, and leaves every other character as it is. */
public final class InputFileRewriter {

  private static final String KEY = "input_file";

  private InputFileRewriter() {}

  /** Finds the new name of an input file. */
  public interface Renaming {

    /** The new name; empty to leave the old one. */
    Optional<String> apply(String name) throws IOException;
  }

  /** The config with its input files renamed; the same bytes when it names none or is no YAML. */
  public static byte[] replace(byte[] config, Renaming renaming) throws IOException {
    String text = new String(config, StandardCharsets.UTF_8);
    StringBuilder changed = new StringBuilder(text);
    for (ScalarNode name : names(text)) {
      Optional<String> to = renaming.apply(name.getValue());
      if (to.isPresent()) {
        int from = text.offsetByCodePoints(0, name.getStartMark().getIndex());
        int end = text.offsetByCodePoints(0, name.getEndMark().getIndex());
        changed.replace(from, end, quoted(to.get()));
      }
    }
    return changed.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** The scalars that name input files, the last one first. */
  private static List<ScalarNode> names(String text) {
    List<ScalarNode> names = new ArrayList<>();
    try {
      Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      children(root, "base_config").flatMap(n -> children(n, KEY)).forEach(n -> collect(n, names));
      children(root, "sweeps").flatMap(n -> children(n, KEY)).forEach(n -> collect(n, names));
    } catch (YAMLException e) {
      // Whoever accepts the config says what is wrong with it.
      names.clear();
    }
    names.sort(Comparator.comparingInt((ScalarNode n) -> n.getStartMark().getIndex()).reversed());
    return names;
  }

  private static Stream<Node> children(Node node, String key) {
    return node instanceof MappingNode mapping
        ? mapping.getValue().stream()
            .filter(t -> t.getKeyNode() instanceof ScalarNode k && k.getValue().equals(key))
            .map(t -> t.getValueNode())
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
