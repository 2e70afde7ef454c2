package dev.caravan.config.yaml;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Refuses a document whose expanded aliases would make it huge, deep or endless. An alias follows
 * its anchor, so a walk from the top has already measured an alias's target when it reaches the
 * alias; only a node that is still being measured can contain itself.
 */
final class AliasLimits {

  private static final long MAX_NODES = 1_000_000;
  private static final int MAX_DEPTH = 100;

  private final String file;
  private final Map<Node, Size> measured = new IdentityHashMap<>();

  AliasLimits(String file) {
    this.file = file;
  }

  private record Size(long nodes, int depth) {
    static final Size OPEN = new Size(0, 0);
  }

  /**
   * Measures the whole document.
   *
   * @throws ConfigRefusedException if it exceeds a limit
   */
  void check(Node root) {
    measure(root);
  }

  private Size measure(Node node) {
    Size previous = measured.get(node);
    if (previous == Size.OPEN) {
      throw refused(node, "contains itself through an alias");
    }
    if (previous != null) {
      return previous;
    }
    measured.put(node, Size.OPEN);
    Size size = sizeOf(node);
    measured.put(node, size);
    return size;
  }

  private Size sizeOf(Node node) {
    long nodes = 1;
    int depth = 0;
    for (Node child : children(node)) {
      Size size = measure(child);
      nodes += size.nodes();
      depth = Math.max(depth, size.depth());
      if (nodes > MAX_NODES) {
        throw refused(node, "its aliases expand to more than 1,000,000 values (alias bomb)");
      }
    }
    if (depth >= MAX_DEPTH) {
      throw refused(node, "its aliases nest more than " + MAX_DEPTH + " levels deep");
    }
    return new Size(nodes, depth + 1);
  }

  private static List<Node> children(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    if (!(node instanceof MappingNode mapping)) {
      return List.of();
    }
    List<Node> children = new ArrayList<>();
    mapping
        .getValue()
        .forEach(
            tuple -> {
              children.add(tuple.getKeyNode());
              children.add(tuple.getValueNode());
            });
    return children;
  }

  private ConfigRefusedException refused(Node node, String message) {
    return new ConfigRefusedException(file, List.of(Problems.at(node.getStartMark(), "", message)));
  }
}
