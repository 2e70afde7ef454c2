package dev.caravan.config;

import dev.caravan.config.KeyOverride.UnclearException;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Replaces the names of input files in a config and its overrides; leaves every other character
 * unchanged.
 */
public final class InputFileRewriter {

  private static final String KEY = "input_file";

  /** An anchor and a tag, which are part of a scalar's text. */
  private static final Pattern PROPERTIES = Pattern.compile("(?:[&!]\\S*\\s+)*+");

  private final Renaming renaming;

  /** Maps input file names. */
  public interface Renaming {

    /** The new name; empty to keep the old one. */
    Optional<String> apply(String name) throws IOException;
  }

  /** Renames by this mapping. */
  public InputFileRewriter(Renaming renaming) {
    this.renaming = renaming;
  }

  /** The config with its input files renamed; unchanged if it has none or is not valid YAML. */
  public byte[] replace(byte[] config) throws IOException {
    String text = new String(config, StandardCharsets.UTF_8);
    String rewritten = replaced(text, root -> root);
    return rewritten.equals(text) ? config.clone() : rewritten.getBytes(StandardCharsets.UTF_8);
  }

  /** The same for what is set over the config. */
  public Overrides replace(Overrides overrides) throws IOException {
    List<String> options = new ArrayList<>();
    for (String option : overrides.options()) {
      options.add(replaced(option));
    }
    return new Overrides(options);
  }

  private String replaced(String option) throws IOException {
    try {
      KeyOverride override = KeyOverride.of(option);
      String value = option.substring(override.valueStart());
      return option.substring(0, override.valueStart())
          + replaced(value, node -> inConfig(override.with(node)));
    } catch (UnclearException e) {
      return option; // acceptance reports what is wrong with it
    }
  }

  /** A config that has this value alone. */
  private static Node inConfig(KeyOverride override) {
    ConfigTree tree = new ConfigTree();
    tree.set(override);
    return tree.root();
  }

  private String replaced(String text, UnaryOperator<Node> config) throws IOException {
    StringBuilder rewritten = new StringBuilder(text);
    for (ScalarNode name : fileNames(text, config)) {
      Optional<String> newName = renaming.apply(name.getValue());
      if (newName.isPresent()) {
        int start = text.offsetByCodePoints(0, name.getStartMark().getIndex());
        int end = text.offsetByCodePoints(0, name.getEndMark().getIndex());
        Matcher properties = PROPERTIES.matcher(text).region(start, end);
        rewritten.replace(
            properties.lookingAt() ? properties.end() : start, end, quoted(newName.get()));
      }
    }
    return rewritten.toString();
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** The scalars with input file names, each once, last one first. */
  private static List<ScalarNode> fileNames(String text, UnaryOperator<Node> config) {
    Set<ScalarNode> names = Collections.newSetFromMap(new IdentityHashMap<>());
    try {
      Node value = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      if (value != null) {
        parameters(config.apply(value))
            .flatMap(parameters -> Mapping.find(parameters, KEY).stream())
            .forEach(file -> collect(file, names));
      }
    } catch (YAMLException e) {
      // Acceptance reports what is wrong with the config.
      names.clear();
    }
    return names.stream()
        .sorted(Comparator.comparingInt((ScalarNode n) -> n.getStartMark().getIndex()).reversed())
        .toList();
  }

  /** Every mapping in which the parameters of a run may stand. */
  private static Stream<Node> parameters(Node root) {
    Stream<Node> sections = Stream.of(BaseSection.PATH, SweepsSection.PATH).flatMap(in(root));
    Stream<Node> lists =
        Stream.of(PointsSection.PATH, PointsSection.EXCLUDE)
            .flatMap(in(root))
            .flatMap(
                node -> node instanceof SequenceNode list ? list.getValue().stream() : Stream.of());
    Stream<Node> variants =
        Stream.of(VariantsSection.PATH)
            .flatMap(in(root))
            .flatMap(node -> node instanceof MappingNode mapping ? values(mapping) : Stream.of());
    return Stream.of(sections, lists, variants).flatMap(found -> found);
  }

  private static Function<String, Stream<Node>> in(Node root) {
    return key -> Mapping.find(root, key).stream();
  }

  private static Stream<Node> values(MappingNode mapping) {
    return Mapping.of(mapping, "", new Problems()).entries().values().stream()
        .map(Mapping.Entry::value);
  }

  private static void collect(Node node, Set<ScalarNode> names) {
    if (node instanceof ScalarNode scalar && !ValueReader.isAbsent(scalar)) {
      names.add(scalar);
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> collect(item, names));
    }
  }
}
