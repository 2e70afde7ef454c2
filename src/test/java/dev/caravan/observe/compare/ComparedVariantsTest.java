package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.CompareRule;
import dev.caravan.observe.report.ComparisonResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The variants of a batch, compared with each other or each with itself in another batch. */
class ComparedVariantsTest {

  private NightlyTree tree;
  private Comparisons comparisons;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new NightlyTree(folder);
    comparisons = tree.comparisons(CompareRules.USUAL);
  }

  @Test
  void comparesVariantsThatTookTurns() throws Exception {
    // given
    String config =
        """
        batch_name: ab
        repeat: 5
        sweeps: {concurrency: [4, 8]}
        variants:
          long: {prompt_input_tokens_mean: 2000}
          short: {prompt_input_tokens_mean: 100}
        """;
    tree.batch(config, run -> run.place().variant().equals("short") ? 0.8 : 1);

    // when
    List<ComparisonResult> results = comparisons.compareVariants("", "ab");

    // then
    assertThat(results).hasSize(1);
    assertThat(results.get(0).sentence()).endsWith(" vs. long").contains(" short: ");
    assertThat(results.get(0).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(comparisons.compare(new CompareRule.Base.OfVariant("short"), "ab").get(0).verdict())
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void keepsVariantsApartWhenBatchesAreCompared() throws Exception {
    // given
    String config =
        """
        batch_name: ab
        repeat: 3
        variants:
          long: {prompt_input_tokens_mean: 2000}
          short: {prompt_input_tokens_mean: 100}
        """;
    tree.batch(config, 1);
    tree.batch(config, 1);

    // when
    ComparisonResult result = comparisons.compare("ab~1", "ab");

    // then
    assertThat(result.rows()).extracting(ComparisonResult.Row::point).contains("long", "short");
    assertThat(result.verdict()).isNotEqualTo(Verdict.REFUSED);
  }

  @Test
  void saysWhenImageAndMachineAreNotSeparated() throws Exception {
    // given
    String config =
        """
        batch_name: ab
        repeat: 5
        variants:
          before: {url: "http://gpu-1:8000", labels: {image: "1"}}
          after: {url: "http://gpu-2:8000", labels: {image: "2"}}
        """;
    tree.batch(config, 1);

    // when
    ComparisonResult result = comparisons.compareVariants("", "ab").get(0);

    // then
    assertThat(result.notes())
        .contains(
            "The effects of image and machine cannot be separated: before ran on gpu-1, "
                + result.candidate().name()
                + " on gpu-2. To separate them, let variants with group: swap machines.")
        .anyMatch(note -> note.contains("1.0 % (assumed"));
  }
}
