package dev.caravan.config.yaml;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.InvisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML mapping with its merge keys resolved as PyYAML does (flatten_mapping in its
 * constructor.py): merged entries come first, the first of several merged mappings wins, and the
 * mapping's own entries override them all. A duplicate key is a problem.
 *
 * @param node the mapping itself
 * @param path its key path; empty at the top level
 * @param entries its entries, by key
 */
public record Mapping(MappingNode node, String path, Map<String, Entry> entries) {

  /**
   * One entry.
   *
   * @param key the key's node, for its position
   * @param value the value's node
   */
  public record Entry(Node key, Node value) {}

  /** Reads a mapping and adds a problem for each invalid or duplicate key. */
  public static Mapping of(MappingNode node, String path, Problems problems) {
    return of(node, path, Set.of(), problems);
  }

  /**
   * Like {@link #of(MappingNode, String, Problems)}, with keys that need no quotes.
   *
   * @param literalKeys keys to take literally although YAML 1.1 gives them another type, such as
   *     {@code on}
   */
  public static Mapping of(
      MappingNode node, String path, Set<String> literalKeys, Problems problems) {
    if (!node.getTag().equals(Tag.MAP)) {
      problems.add(node, path, "has a YAML tag that is not allowed in a config");
    }
    return new Mapping(node, path, entries(node, path, literalKeys, key -> false, problems));
  }

  /** The entry with this key. */
  public Optional<Entry> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** All keys, in the order described above. */
  public Set<String> keys() {
    return entries.keySet();
  }

  /** The key path of an entry. */
  public String path(String key) {
    return path.isEmpty() ? DisplayText.key(key) : path + "." + DisplayText.key(key);
  }

  /** The value of a key in a mapping, its own or merged; for a list of mappings, the first one. */
  public static Optional<Node> find(Node node, String key) {
    if (node instanceof SequenceNode merged) {
      return first(merged.getValue(), key);
    }
    if (!(node instanceof MappingNode mapping)) {
      return Optional.empty();
    }
    List<Node> own = values(mapping, name -> name.getValue().equals(key));
    return own.stream()
        .findFirst()
        .or(() -> first(values(mapping, name -> name.getTag().equals(Tag.MERGE)), key));
  }

  private static Optional<Node> first(List<Node> nodes, String key) {
    return nodes.stream().map(node -> find(node, key)).flatMap(Optional::stream).findFirst();
  }

  private static List<Node> values(MappingNode mapping, Predicate<ScalarNode> key) {
    return mapping.getValue().stream()
        .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode name && key.test(name))
        .map(NodeTuple::getValueNode)
        .toList();
  }

  private static Map<String, Entry> entries(
      MappingNode node,
      String path,
      Set<String> literalKeys,
      Predicate<String> decided,
      Problems problems) {
    Map<String, Entry> own = new LinkedHashMap<>();
    Optional<Node> merge = Optional.empty();
    for (NodeTuple tuple : node.getValue()) {
      Node key = tuple.getKeyNode();
      if (!key.getTag().equals(Tag.MERGE)) {
        add(own, tuple, path, literalKeys, problems);
      } else if (merge.isPresent()) {
        problems.add(
            key, path, "a second \"<<\" in one mapping; merge a list instead: <<: [*a, *b]");
      } else {
        merge = Optional.of(tuple.getValueNode());
      }
    }
    if (merge.isEmpty()) {
      return own;
    }
    Predicate<String> decidedHere = key -> own.containsKey(key) || decided.test(key);
    return combine(merged(merge.get(), path, literalKeys, decidedHere, problems), own);
  }

  private static Map<String, Entry> combine(
      List<Map<String, Entry>> merged, Map<String, Entry> own) {
    Map<String, Entry> all = new LinkedHashMap<>();
    for (int i = merged.size() - 1; i >= 0; i--) {
      all.putAll(merged.get(i));
    }
    all.putAll(own);
    return all;
  }

  private static void add(
      Map<String, Entry> own,
      NodeTuple tuple,
      String path,
      Set<String> literalKeys,
      Problems problems) {
    Node key = tuple.getKeyNode();
    if (!(key instanceof ScalarNode scalar)) {
      problems.add(key, path, "a key must be a name, not a list or a mapping");
      return;
    }
    boolean isName = Scalar.of(scalar).isString() || literalKeys.contains(scalar.getValue());
    if (!isName || !Scalar.hasAllowedTag(scalar)) {
      problems.add(
          key,
          path,
          "YAML reads the key " + DisplayText.quoted(scalar.getValue()) + " as " + kind(scalar));
      return;
    }
    Optional<String> deceptive = InvisibleText.deceptiveIn(scalar.getValue());
    if (scalar.isPlain() && deceptive.isPresent()) {
      problems.add(
          key,
          path(path, scalar.getValue()),
          "this key contains " + deceptive.get() + ", which YAML does not read as a space");
    }
    Entry first = own.putIfAbsent(scalar.getValue(), new Entry(key, tuple.getValueNode()));
    if (first != null) {
      problems.add(
          key,
          path(path, scalar.getValue()),
          "duplicate key, first at " + OptionMark.place(first.key().getStartMark()));
    }
  }

  private static String kind(ScalarNode key) {
    return Scalar.of(key).kind() + "; a key must be a string, so put it in quotes";
  }

  private static String path(String path, String key) {
    return path.isEmpty() ? DisplayText.key(key) : path + "." + DisplayText.key(key);
  }

  private static List<Map<String, Entry>> merged(
      Node value,
      String path,
      Set<String> literalKeys,
      Predicate<String> decided,
      Problems problems) {
    List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
    List<Map<String, Entry>> merged = new ArrayList<>();
    MergedKeys keys = new MergedKeys(decided);
    for (Node item : nodes) {
      if (item instanceof MappingNode mapping) {
        Map<String, Entry> entries = entries(mapping, path, literalKeys, keys::isDecided, problems);
        merged.add(entries);
        keys.add(mapping, entries).forEach((key, entry) -> warn(entry, path(path, key), problems));
      } else {
        problems.add(item, path, "\"<<\" can merge only mappings");
      }
    }
    return merged;
  }

  private static void warn(Entry first, String path, Problems problems) {
    problems.warn(first.key(), path, "several mappings after \"<<\" set it; the first counts");
  }
}
