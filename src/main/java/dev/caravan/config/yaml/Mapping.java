package dev.caravan.config.yaml;

import dev.caravan.config.text.DisplayText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML mapping with its merge keys resolved as PyYAML does (flatten_mapping in its
 * constructor.py): merged entries come first, of several merged mappings the first that has a key
 * wins, and what the mapping itself says overrides them all. A key that stands twice is a problem.
 *
 * @param node the mapping itself
 * @param path its key path; empty at the top
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

  /** Reads a mapping and adds a problem for each key that is none or stands twice. */
  public static Mapping of(MappingNode node, String path, Problems problems) {
    return of(node, path, Set.of(), problems);
  }

  /**
   * As the other one.
   *
   * @param names keys that are taken as written though YAML 1.1 reads them as something else, such
   *     as {@code on}
   */
  public static Mapping of(MappingNode node, String path, Set<String> names, Problems problems) {
    if (!node.getTag().equals(Tag.MAP)) {
      problems.add(node, path, "has a YAML tag that a config may not use");
    }
    return new Mapping(node, path, entries(node, path, names, problems));
  }

  public Optional<Entry> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  public Set<String> keys() {
    return entries.keySet();
  }

  /** The key path of one of its keys. */
  public String path(String key) {
    return path.isEmpty() ? DisplayText.key(key) : path + "." + DisplayText.key(key);
  }

  private static Map<String, Entry> entries(
      MappingNode node, String path, Set<String> names, Problems problems) {
    Map<String, Entry> own = new LinkedHashMap<>();
    List<Map<String, Entry>> merged = new ArrayList<>();
    boolean merges = false;
    for (NodeTuple tuple : node.getValue()) {
      Node key = tuple.getKeyNode();
      if (!key.getTag().equals(Tag.MERGE)) {
        add(own, tuple, path, names, problems);
      } else if (merges) {
        problems.add(
            key, path, "a second \"<<\" in one mapping; merge a list instead: <<: [*a, *b]");
      } else {
        merges = true;
        merged = merged(tuple.getValueNode(), path, names, problems);
      }
    }
    return together(merged, own);
  }

  private static Map<String, Entry> together(
      List<Map<String, Entry>> merged, Map<String, Entry> own) {
    Map<String, Entry> all = new LinkedHashMap<>();
    for (int i = merged.size() - 1; i >= 0; i--) {
      all.putAll(merged.get(i));
    }
    all.putAll(own);
    return all;
  }

  private static void add(
      Map<String, Entry> own, NodeTuple tuple, String path, Set<String> names, Problems problems) {
    Node key = tuple.getKeyNode();
    if (!(key instanceof ScalarNode scalar)) {
      problems.add(key, path, "a key must be a name, not a list or a mapping");
      return;
    }
    boolean named = Scalar.of(scalar).isText() || names.contains(scalar.getValue());
    if (!named || !Scalar.known(scalar)) {
      problems.add(
          key,
          path,
          "the key " + DisplayText.quoted(scalar.getValue()) + " is read as " + kind(scalar));
      return;
    }
    Entry first = own.putIfAbsent(scalar.getValue(), new Entry(key, tuple.getValueNode()));
    if (first != null) {
      problems.add(
          key, path(path, scalar.getValue()), "duplicate key, first at line " + line(first));
    }
  }

  private static String kind(ScalarNode key) {
    return Scalar.of(key).kind() + "; a key must be a text, so write it in quotes";
  }

  private static int line(Entry entry) {
    return entry.key().getStartMark().getLine() + 1;
  }

  private static String path(String path, String key) {
    return path.isEmpty() ? DisplayText.key(key) : path + "." + DisplayText.key(key);
  }

  private static List<Map<String, Entry>> merged(
      Node value, String path, Set<String> names, Problems problems) {
    List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
    List<Map<String, Entry>> merged = new ArrayList<>();
    for (Node each : nodes) {
      if (each instanceof MappingNode mapping) {
        merged.add(entries(mapping, path, names, problems));
      } else {
        problems.add(each, path, "\"<<\" merges mappings, and this is none");
      }
    }
    return merged;
  }
}
