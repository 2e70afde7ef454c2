package dev.caravan.config.yaml;

import dev.caravan.config.text.DisplayText;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads a text as one YAML value, as it would stand after its key: a scalar, a list in brackets or
 * a mapping in braces. It is data alone, without anchors, aliases, tags or a comment.
 */
public final class FlowValue {

  private static final String ONE_VALUE = "must be one value, such as 4, [1, 2] or {a: 1}";
  private static final String IN_QUOTES = "; put it in quotes if it is text";

  private FlowValue() {}

  /**
   * The value, as a tree of new nodes; null if the text is blank.
   *
   * @param mark the position of all its nodes
   * @throws IllegalArgumentException if the text is not one such value; the message says why
   */
  public static Node read(String text, Mark mark) {
    try {
      requireData(text);
      Node node = new Composer(parser(text), new PyYamlResolver(), options()).getSingleNode();
      if (node == null && !text.isBlank()) {
        throw new IllegalArgumentException(ONE_VALUE + IN_QUOTES);
      }
      if (node == null) {
        return new ScalarNode(Tag.NULL, "", mark, mark, ScalarStyle.PLAIN);
      }
      requireAllRead(text, node.getEndMark());
      return at(node, mark);
    } catch (YAMLException e) {
      throw new IllegalArgumentException("is not a YAML value: " + reason(e) + IN_QUOTES, e);
    }
  }

  /** Up to the depth at which reading it fails: beyond, the parser takes seconds for each 64 KB. */
  private static void requireData(String text) {
    ParserImpl parser = parser(text);
    int depth = 0;
    while (depth <= options().getNestingDepthLimit() && !parser.checkEvent(Event.ID.StreamEnd)) {
      Event event = parser.getEvent();
      refusal(event)
          .ifPresent(
              why -> {
                throw new IllegalArgumentException(why);
              });
      depth += event instanceof CollectionStartEvent ? 1 : 0;
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
    }
  }

  private static Optional<String> refusal(Event event) {
    boolean isNamed = event instanceof NodeEvent node && node.getAnchor() != null;
    boolean isTagged =
        event instanceof ScalarEvent scalar && scalar.getTag() != null
            || event instanceof CollectionStartEvent start && start.getTag() != null;
    if (isNamed || isTagged) {
      return Optional.of("must have no anchor (&), alias (*) or tag (!)" + IN_QUOTES);
    }
    boolean isBlock = event instanceof CollectionStartEvent start && !start.isFlow();
    boolean isDocument = event instanceof DocumentStartEvent start && start.getExplicit();
    return isBlock || isDocument ? Optional.of(ONE_VALUE + IN_QUOTES) : Optional.empty();
  }

  /** A comment would drop the end of the text without a word. */
  private static void requireAllRead(String text, Mark end) {
    String rest = text.substring(text.offsetByCodePoints(0, end.getIndex()));
    if (!rest.isBlank()) {
      throw new IllegalArgumentException("ends in a comment (#)" + IN_QUOTES);
    }
  }

  private static ParserImpl parser(String text) {
    return new ParserImpl(new StreamReader(text), options());
  }

  private static LoaderOptions options() {
    return YamlSource.options();
  }

  private static String reason(YAMLException e) {
    String reason = e instanceof MarkedYAMLException marked ? marked.getProblem() : e.getMessage();
    return DisplayText.unquoted(String.valueOf(reason).replaceAll("\\s+", " ").strip());
  }

  private static Node at(Node node, Mark mark) {
    if (node instanceof ScalarNode scalar) {
      return new ScalarNode(
          scalar.getTag(), scalar.getValue(), mark, mark, scalar.getScalarStyle());
    }
    if (node instanceof SequenceNode list) {
      List<Node> items = list.getValue().stream().map(item -> at(item, mark)).toList();
      return new SequenceNode(list.getTag(), true, items, mark, mark, FlowStyle.FLOW);
    }
    List<NodeTuple> entries =
        ((MappingNode) node)
            .getValue().stream()
                .map(
                    entry ->
                        new NodeTuple(at(entry.getKeyNode(), mark), at(entry.getValueNode(), mark)))
                .toList();
    return new MappingNode(node.getTag(), true, entries, mark, mark, FlowStyle.FLOW);
  }
}
