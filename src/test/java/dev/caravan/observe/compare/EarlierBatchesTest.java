package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.ComparisonResult;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The earlier batches of its name that a batch is compared with. */
class EarlierBatchesTest {

  private NightlyTree tree;
  private Comparisons comparisons;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new NightlyTree(folder);
    comparisons = tree.comparisons(CompareRules.USUAL);
  }

  @Test
  void comparesWithTheLastBatchesThatDidNotFail() throws Exception {
    // given
    Batch first = tree.night(1);
    Batch second = tree.night(1);
    Batch failed = tree.night(0.7);
    NightlyTree.judged(failed, "FAIL");
    Batch third = tree.night(1);
    Batch newest = tree.night(0.8);

    // when
    ComparisonResult result = comparisons.compareWithLast(3, "nightly");

    // then
    assertThat(result.base().batches()).containsExactly(third.id(), second.id(), first.id());
    assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(result.sentence())
        .startsWith("FAIL " + newest.id() + ": output tokens/s −")
        .endsWith(" vs. last 3");
    assertThat(result.notes()).contains("Compared with " + first.id() + " to " + third.id() + ".");
  }

  @Test
  void comparesWithTheLastBatchThatPassed() throws Exception {
    // given
    Batch passed = tree.night(1);
    NightlyTree.judged(passed, "PASS");
    NightlyTree.judged(tree.night(1), "INCONCLUSIVE");
    NightlyTree.judged(tree.night(1), "FAIL");
    tree.night(1);

    // when
    ComparisonResult result = comparisons.compareWithLastPass("nightly");

    // then
    assertThat(result.base().batches()).containsExactly(passed.id());
    assertThat(result.sentence()).endsWith(" vs. last pass");
    assertThat(result.notes()).contains("Compared with " + passed.id() + ".");
  }

  @Test
  void passesOverBatchesThatAreNotAlike() throws Exception {
    // given
    Batch alike = tree.night(1);
    tree.batch(
        "batch_name: nightly\nrepeat: 5\nsweeps: {concurrency: [4, 8], benchmark_duration: [60]}\n",
        1);
    tree.night(1);

    // when
    ComparisonResult result = comparisons.compareWithLast(5, "nightly");

    // then
    assertThat(result.base().batches()).containsExactly(alike.id());
    assertThat(result.notes())
        .contains(
            "Found 1 of 5 earlier batches of this name.",
            "1 of its earlier batches are not comparable and were skipped.");
  }

  @Test
  void hasNoVerdictOnTheFirstNight() throws Exception {
    // given
    Batch first = tree.night(1);

    // when
    ComparisonResult result = comparisons.compareWithLast(5, "nightly");

    // then
    assertThat(result.verdict()).isEqualTo(Verdict.NONE);
    assertThat(result.sentence())
        .isEqualTo("no verdict on " + first.id() + " vs. last 5: no earlier batch is comparable");
  }

  @Test
  void measuresTheNoiseBetweenAlikeBatches() throws Exception {
    // given
    for (int night = 0; night < 7; night++) {
      tree.night(1);
    }

    // when
    ComparisonResult result = comparisons.compareWithLast(2, "nightly");

    // then
    assertThat(result.base().batches()).hasSize(2);
    assertThat(result.notes()).anyMatch(note -> note.contains("(over 6 comparable batches)"));
  }

  @Test
  void comparesABatchAsItsConfigSays() throws Exception {
    // given
    String config =
        "batch_name: n\nrepeat: 5\ncompare: {last: 1, metrics: [output_tokens_per_s]}\n";
    Batch first = tree.batch(config, 1);
    tree.batch(config, 0.8);

    // when
    ComparisonResult result = comparisons.compare("n").get(0);

    // then
    assertThat(result.base().batches()).containsExactly(first.id());
    assertThat(result.rows())
        .extracting(ComparisonResult.Row::metric)
        .containsExactly("output_tokens_per_s");
    assertThat(result.sentence()).endsWith(" vs. last 1");
  }
}
