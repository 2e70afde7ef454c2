package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.OptionMark;
import dev.caravan.config.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The tree of a config while overrides are set in it. It copies the mappings that it changes,
 * because an alias and its anchor are one node.
 */
final class ConfigTree {

  /**
   * A value of the config that an override took the place of.
   *
   * @param path its keys from the top level
   */
  record Replaced(List<String> path, Node value) {}

  /** Sections whose keys are those of parameters. */
  private static final Set<String> PARAMETERS =
      Set.of(BaseSection.PATH, SweepsSection.PATH, PerConcurrencySection.PATH);

  private final Problems problems;
  private final List<Replaced> replaced = new ArrayList<>();
  private MappingNode root;

  ConfigTree(MappingNode root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  /** A tree without anything but what will be set. */
  ConfigTree() {
    this(empty(OptionMark.of(KeyOverride.SET)), new Problems());
  }

  /** The tree as it is now. */
  MappingNode root() {
    return root;
  }

  /** What was replaced, in the order of the overrides. */
  List<Replaced> replaced() {
    return List.copyOf(replaced);
  }

  /** Sets a value; adds a problem if its key would lie below something that is no mapping. */
  void set(KeyOverride override) {
    root = with(root, override, 0);
  }

  private MappingNode with(MappingNode mapping, KeyOverride override, int depth) {
    List<String> path = override.path().subList(0, depth + 1);
    String name = name(mapping, path);
    Optional<Node> old = Mapping.find(mapping, name);
    if (path.size() == override.path().size()) {
      old.ifPresent(value -> replaced.add(new Replaced(path, value)));
      return put(mapping, name, override.value(), override.mark());
    }
    Optional<MappingNode> section =
        old.filter(node -> !ValueReader.isAbsent(node))
            .map(
                node ->
                    node instanceof MappingNode inner
                        ? Optional.of(inner)
                        : refused(node, path, override))
            .orElseGet(() -> Optional.of(empty(override.mark())));
    return section.isEmpty()
        ? mapping
        : put(mapping, path.get(depth), with(section.get(), override, depth + 1), override.mark());
  }

  /** The name that a key has here: a parameter may have its short name, or its full one. */
  private static String name(MappingNode mapping, List<String> path) {
    String name = path.get(path.size() - 1);
    String section = path.get(0);
    boolean isParameter =
        path.size() == 2 && PARAMETERS.contains(section)
            || path.size() == 3 && section.equals(VariantsSection.PATH);
    return Stream.concat(
            Stream.of(name),
            isParameter ? ConfigKeys.namesOf(name).stream() : Stream.<String>empty())
        .filter(each -> Mapping.find(mapping, each).isPresent())
        .findFirst()
        .orElse(name);
  }

  private Optional<MappingNode> refused(Node node, List<String> path, KeyOverride override) {
    String kind = node instanceof SequenceNode ? "a list; set it as a whole" : "a single value";
    problems.add(
        override.mark(),
        KeyOverride.pathText(override.path()),
        KeyOverride.pathText(path) + " has no keys below it: it is " + kind);
    return Optional.empty();
  }

  private static MappingNode empty(Mark mark) {
    return new MappingNode(Tag.MAP, true, List.of(), mark, mark, FlowStyle.BLOCK);
  }

  /** A copy of the mapping with this entry at the place of the old one, or else at the end. */
  private static MappingNode put(MappingNode mapping, String key, Node value, Mark mark) {
    List<NodeTuple> entries = new ArrayList<>(mapping.getValue());
    int at = 0;
    while (at < entries.size() && !isNamed(entries.get(at), key)) {
      at++;
    }
    if (at < entries.size()) {
      entries.set(at, new NodeTuple(entries.get(at).getKeyNode(), value));
    } else {
      Node name = new ScalarNode(Tag.STR, key, mark, mark, ScalarStyle.PLAIN);
      entries.add(new NodeTuple(name, value));
    }
    return new MappingNode(
        mapping.getTag(),
        true,
        entries,
        mapping.getStartMark(),
        mapping.getEndMark(),
        mapping.getFlowStyle());
  }

  private static boolean isNamed(NodeTuple entry, String key) {
    return entry.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key);
  }
}
