package dev.caravan.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** How much work merged mappings are. */
class MappingTest {

  private static final Mark MARK = new Mark("c", 0, 0, 0, new int[0], 0);

  /** A value may be as long as the config, and each alias to it takes three characters. */
  @Test
  void comparesAMappingThatIsMergedManyTimesOnce() {
    // given
    AtomicInteger looks = new AtomicInteger();
    List<Node> merged = new ArrayList<>();
    merged.add(mapping(scalar("k"), new Counted("v", looks)));
    merged.addAll(Collections.nCopies(1000, mapping(scalar("k"), new Counted("v", looks))));
    Node list = new SequenceNode(Tag.SEQ, true, merged, MARK, MARK, FlowStyle.FLOW);
    Node merge = new ScalarNode(Tag.MERGE, true, "<<", MARK, MARK, ScalarStyle.PLAIN);

    // when
    Mapping mapping = Mapping.of(mapping(merge, list), "base_config", new Problems());

    // then
    assertThat(mapping.keys()).containsExactly("k");
    assertThat(looks.get()).isBetween(1, 10);
  }

  private static MappingNode mapping(Node key, Node value) {
    List<NodeTuple> entries = List.of(new NodeTuple(key, value));
    return new MappingNode(Tag.MAP, true, entries, MARK, MARK, FlowStyle.FLOW);
  }

  private static ScalarNode scalar(String value) {
    return new ScalarNode(Tag.STR, true, value, MARK, MARK, ScalarStyle.PLAIN);
  }

  /** Counts how often its value is looked at. */
  private static final class Counted extends ScalarNode {

    private final AtomicInteger looks;

    Counted(String value, AtomicInteger looks) {
      super(Tag.STR, true, value, MARK, MARK, ScalarStyle.PLAIN);
      this.looks = looks;
    }

    @Override
    public String getValue() {
      looks.incrementAndGet();
      return super.getValue();
    }
  }
}
