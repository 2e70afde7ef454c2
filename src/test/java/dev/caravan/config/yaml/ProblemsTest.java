package dev.caravan.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The list of problems of a config. */
class ProblemsTest {

  private static final Node NODE = node();

  @Test
  void countsEachUnlistedProblemOnce() {
    // given
    Problems problems = new Problems();
    IntStream.range(0, 200).forEach(i -> problems.add(NODE, "key" + i, "bad"));

    // when / then
    problems.add(NODE, "key7", "bad");
    problems.add(NODE, "key7", () -> "bad");
    assertThat(problems.inOrder()).hasSize(200);

    // when
    IntStream.range(0, 3).forEach(i -> problems.add(NODE, "other", "bad"));
    IntStream.range(0, 3).forEach(i -> problems.add(NODE, "third", () -> "bad"));
    problems.add(NODE, "key7", () -> "worse");

    // then
    assertThat(problems.inOrder()).hasSize(201);
    assertThat(problems.inOrder().get(200).text("c")).contains("and 3 more problems");
  }

  private static Node node() {
    Mark mark = new Mark("c", 0, 0, 0, new int[0], 0);
    return new ScalarNode(Tag.STR, "x", mark, mark, ScalarStyle.PLAIN);
  }
}
