package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.dispatch.RunSelection.Ends;
import dev.caravan.testing.SampleTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSelectionTest {

  @TempDir private Path folder;

  private SampleTree tree;
  private Batch batch;

  @BeforeEach
  void setUp() throws Exception {
    tree = new SampleTree(folder);
    batch =
        tree.home()
            .accept(
                """
                batch_name: ab
                %s  prompt_input_tokens_mean: 64
                points: [{isl: 128}, {isl: 1024}]
                repeat: 3
                variants: {before: {}, after: {streaming: true}}
                """
                    .formatted(FixedRules.BASE));
  }

  @Test
  void selectsByVariantRepeatPointAndShortName() throws Exception {
    assertThat(folders(Map.of("variant", "after", "repeat", "2")))
        .containsExactlyInAnyOrder(
            "after__prompt_input_tokens_mean128__r2", "after__prompt_input_tokens_mean1024__r2");
    assertThat(folders(Map.of("isl", "1024", "repeat", "1")))
        .isEqualTo(folders(Map.of("prompt_input_tokens_mean", "1024", "repeat", "1")))
        .isEqualTo(folders(Map.of("point", "prompt_input_tokens_mean1024", "repeat", "1")))
        .containsExactly(
            "before__prompt_input_tokens_mean1024", "after__prompt_input_tokens_mean1024");
  }

  @Test
  void selectsByTheEndOfRuns() throws Exception {
    // given
    tree.ended(batch.run(0), Outcome.FAILED, "crashed", "it crashed");
    tree.ended(batch.run(1), Outcome.SUCCEEDED, "", "");
    // then
    Map<String, String> before = Map.of("variant", "before", "repeat", "1");
    assertThat(new RunSelection(before, Ends.FAILED).of(batch, List.of())).containsExactly(0);
    assertThat(new RunSelection(before, Ends.ANY).of(batch, List.of())).containsExactly(0, 1);
    assertThat(new RunSelection(Map.of("repeat", "1"), Ends.NONE).of(batch, List.of()))
        .containsExactly(2, 3);
    assertThatThrownBy(() -> new RunSelection(before, Ends.NONE).of(batch, List.of()))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessage("no unfinished run of " + batch.id() + " matches");
    Map<String, String> after = Map.of("variant", "after");
    assertThatThrownBy(() -> new RunSelection(after, Ends.FAILED).of(batch, List.of()))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessage("no failed run of " + batch.id() + " matches");
  }

  @Test
  void namesTheKeysToSelectBy() throws Exception {
    // given
    Batch swept = tree.batch("swept", "concurrency: [1, 2]", "");
    Batch single = tree.home().accept("batch_name: single\n" + FixedRules.BASE);
    // then
    assertRefused(
        batch,
        "osl",
        "the runs of %s do not differ in \"osl\"; they differ in [prompt_input_tokens_mean, point,"
            + " variant, repeat]");
    assertRefused(
        swept,
        "variant",
        "the runs of %s do not differ in \"variant\"; they differ in [concurrency, point]");
    assertRefused(
        single, "repeat", "the runs of %s do not differ in \"repeat\"; they differ in []");
  }

  private static void assertRefused(Batch batch, String key, String message) {
    RunSelection selection = new RunSelection(Map.of(key, "1"), Ends.ANY);
    assertThatThrownBy(() -> selection.of(batch, List.of()))
        .isInstanceOf(ControlRefusedException.class)
        .hasMessage(message.formatted(batch.id()));
  }

  private List<String> folders(Map<String, String> where) throws ControlRefusedException {
    return new RunSelection(where, Ends.ANY)
        .of(batch, List.of()).stream().map(index -> batch.sweep().folder(index)).toList();
  }
}
