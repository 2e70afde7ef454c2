package dev.caravan.config.yaml;

import java.util.List;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Tells whether two nodes are written the same way, apart from quotes and layout. */
final class SameNode {

  private static final int LONG = 1_000;

  private SameNode() {}

  static boolean is(Node one, Node other) {
    if (one == other) {
      return true;
    }
    if (!one.getTag().equals(other.getTag())) {
      return false;
    }
    if (one instanceof ScalarNode value && other instanceof ScalarNode second) {
      return isSame(value.getValue(), second.getValue());
    }
    if (one instanceof SequenceNode list && other instanceof SequenceNode second) {
      return isSame(list.getValue(), second.getValue());
    }
    return one instanceof MappingNode mapping
        && other instanceof MappingNode second
        && isSame(keys(mapping), keys(second))
        && isSame(values(mapping), values(second));
  }

  private static boolean isSame(List<Node> list, List<Node> other) {
    return list.size() == other.size()
        && IntStream.range(0, list.size()).allMatch(i -> is(list.get(i), other.get(i)));
  }

  /** Java keeps the hash of a text: a long one may be compared many times. */
  private static boolean isSame(String text, String other) {
    return text.length() == other.length()
        && text.hashCode() == other.hashCode()
        && (text.length() > LONG || text.equals(other));
  }

  private static List<Node> keys(MappingNode mapping) {
    return mapping.getValue().stream().map(NodeTuple::getKeyNode).toList();
  }

  private static List<Node> values(MappingNode mapping) {
    return mapping.getValue().stream().map(NodeTuple::getValueNode).toList();
  }
}
