package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.analysis.Verdict;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.ComparisonResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The names by which batches to compare are found, and that a batch is never compared with itself.
 */
class NamedBatchesTest {

  @TempDir private Path folder;

  private NightlyTree tree;
  private Comparisons comparisons;

  @BeforeEach
  void prepare() throws IOException {
    tree = new NightlyTree(folder);
    comparisons = tree.comparisons(CompareRules.USUAL);
  }

  @Test
  void comparesBatchesByTheirNames() throws Exception {
    // given
    Batch first = tree.night(1);
    Batch second = tree.night(0.8);

    // when
    ComparisonResult result = comparisons.compare("nightly~1", "nightly");

    // then
    assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(result.sentence())
        .startsWith("FAIL " + second.id() + ": ")
        .endsWith(" vs. " + first.id());
    assertThat(comparisons.compare(first.folder().toString(), second.id())).isEqualTo(result);
  }

  @Test
  void saysWhatItCannotFind() throws Exception {
    // given
    tree.night(1);
    tree.night(1);

    // when, then
    assertThatThrownBy(() -> comparisons.batch("nothing"))
        .hasMessage("there is no batch, folder, zip archive or baseline:NAME \"nothing\"");
    assertThatThrownBy(() -> comparisons.batch("aiperf_results"))
        .hasMessage("aiperf_results holds 2 batches; name one of them");
    assertThatThrownBy(() -> comparisons.compareVariants("", "nightly"))
        .hasMessageContaining("has no variants to compare");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"latest", "/", "nightly", "../x/20261128_000000", "../aiperf_results/nightly/1"})
  void findsNoEarlierBatchesByAnIdThatIsNone(String id) throws Exception {
    // given
    Batch earlier = tree.night(1);
    ComparedBatch batch = comparisons.batch(tree.night(1).id());
    String forged = id.equals("/") ? earlier.folder().getParent() + "/20261128_000000" : id;

    // when, then
    assertThat(tree.finder().namesakes(batch.id())).hasSize(2);
    assertThat(tree.finder().namesakes(forged)).isEmpty();
  }

  @Test
  void findsNoBatchesOfANameThatLeavesTheOutputFolders() throws Exception {
    // given
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.move(tree.night(1).folder(), elsewhere.resolve("20261128_000000"));

    // when, then
    assertThat(tree.finder().named("../elsewhere")).isEmpty();
    assertThat(tree.finder().named(elsewhere.toString())).isEmpty();
  }

  @Test
  void refusesToCompareABatchWithItself() throws Exception {
    // given
    Batch first = tree.night(1);
    Batch second = tree.night(0.8);
    Path link = Files.createSymbolicLink(folder.resolve("link"), second.folder());
    Path copy = copy(second, "copy");
    tree.baselines().store("release", comparisons.batch("nightly"));

    for (String name :
        List.of("nightly", "latest", link.toString(), copy.toString(), "baseline:release")) {
      // when
      ComparisonResult result = comparisons.compare(name, second.id());

      // then
      assertThat(result.verdict()).as(name).isEqualTo(Verdict.REFUSED);
      assertThat(result.sentence())
          .startsWith("REFUSED " + second.id() + " vs. ")
          .endsWith(": both are the same batch");
      assertThat(result.rows()).isEmpty();
    }
    assertThat(comparisons.compare(first.id(), link.toString()).verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void refusesAFolderOfAnotherProgramTwice() throws Exception {
    // given
    Path theirs = copy(tree.night(1), "theirs");
    Files.delete(theirs.resolve("batch.json"));
    Files.delete(theirs.resolve("config.yaml"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), theirs);

    // when
    ComparisonResult result = comparisons.compare(theirs.toString(), link.toString());

    // then
    assertThat(result.sentence()).contains("both are the same batch");
  }

  private Path copy(Batch batch, String name) throws IOException {
    Path copy = folder.resolve(name);
    try (Stream<Path> all = Files.walk(batch.folder())) {
      for (Path each : all.toList()) {
        Files.copy(each, copy.resolve(batch.folder().relativize(each).toString()));
      }
    }
    return copy;
  }
}
