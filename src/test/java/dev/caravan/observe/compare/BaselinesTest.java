package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.analysis.Verdict;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches that were stored under a name to compare others with. */
class BaselinesTest {

  @TempDir private Path folder;

  private NightlyTree tree;
  private Comparisons comparisons;

  @BeforeEach
  void prepare() throws IOException {
    tree = new NightlyTree(folder);
    comparisons = tree.comparisons(CompareRules.USUAL);
  }

  @Test
  void keepsBaselinesWhenTheirBatchIsGone() throws Exception {
    // given
    Batch batch = tree.night(1);
    tree.baselines().store("release", comparisons.batch("nightly"));
    ComparedBatch stored = comparisons.batch("nightly");
    new DurableFiles().delete(batch.folder());
    tree.night(0.8);

    // when
    ComparisonResult result =
        tree.comparisons(CompareRules.USUAL).compare("baseline:release", "nightly");

    // then
    assertThat(comparisons.batch("baseline:release")).isEqualTo(stored);
    assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(result.sentence()).endsWith(" vs. baseline:release");
    assertThatThrownBy(() -> comparisons.batch("baseline:relaese"))
        .hasMessage("there is no baseline \"relaese\"; did you mean \"release\"?; stored: release");
    assertThatThrownBy(() -> comparisons.batch("baseline:../open/x")).hasMessageContaining("name");
  }

  @Test
  void readsDamagedBaselinesAsSuch() throws Exception {
    // given
    Path file = folder.resolve(".caravan/baselines/broken.json");
    Files.createDirectories(file.getParent());

    for (String content : List.of("{", "{}", "[]", "{\"batch\": 1}", "null")) {
      // when
      Files.writeString(file, content);
      // then
      assertThatThrownBy(() -> comparisons.batch("baseline:broken"))
          .isInstanceOf(IOException.class);
    }
  }
}
