package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.CompareRule;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.storage.DurableFiles;
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

class ComparisonsTest {

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

  private Path copy(Batch batch, String name) throws IOException {
    Path copy = folder.resolve(name);
    try (Stream<Path> all = Files.walk(batch.folder())) {
      for (Path each : all.toList()) {
        Files.copy(each, copy.resolve(batch.folder().relativize(each).toString()));
      }
    }
    return copy;
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
            "1 of its earlier batches are not alike, and were passed over.");
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
        .isEqualTo("no verdict on " + first.id() + " vs. last 5: no earlier batch is alike");
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
    assertThat(result.notes()).anyMatch(note -> note.contains("(over 6 alike batches)"));
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
            "Image and machine are not separated: before ran on gpu-1, "
                + result.candidate().name()
                + " on gpu-2. Variants with group: that swap machines separate them.")
        .anyMatch(note -> note.contains("1.0 % (assumed"));
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
