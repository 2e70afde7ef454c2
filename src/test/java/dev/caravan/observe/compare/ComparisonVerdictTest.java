package dev.caravan.observe.compare;

import static dev.caravan.observe.compare.SampleComparisons.IN_TURN;
import static dev.caravan.observe.compare.SampleComparisons.compare;
import static dev.caravan.observe.compare.SampleSides.batch;
import static dev.caravan.observe.compare.SampleSides.side;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonMarkdown;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The verdict on a batch, and the sentence that tells it. */
class ComparisonVerdictTest {

  @Test
  void namesTheWorstRegression() {
    // when
    ComparisonResult result = compare(batch("a/1", 5, 1), batch("b/2", 5, 0.85));

    // then
    assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(result.sentence())
        .matches("FAIL b/2: .* [−+]\\d+\\.\\d % over all points and \\d more vs\\. a/1");
    assertThat(result.rows())
        .filteredOn(row -> row.kind() == Kind.WORSE)
        .extracting(Row::point)
        .contains("concurrency 8")
        .doesNotContain("concurrency 4");
  }

  @Test
  void passesTheSameThing() {
    // when
    ComparisonResult result = compare(batch("a/1", 5, 1), batch("b/2", 5, 1));

    // then
    assertThat(result.verdict()).isEqualTo(Verdict.PASS);
    assertThat(result.sentence())
        .matches("PASS b/2: output tokens/s \\S+ %, TTFT p50 \\S+ %, ITL p50 \\S+ % vs\\. a/1");
    assertThat(result.rows()).hasSize(9);
  }

  @Test
  void saysThatSingleRunsTellNothing() {
    // when
    ComparisonResult result = compare(batch("a/1", 1, 1), batch("b/2", 1, 0.5));

    // then
    assertThat(result.verdict()).isEqualTo(Verdict.NONE);
    assertThat(result.sentence()).isEqualTo("one run each: no verdict on b/2 vs. a/1");
    assertThat(result.rows()).extracting(Row::kind).containsOnly(Kind.SINGLE);
  }

  @Test
  void tellsHowManyRepeatsWouldDo() {
    // given
    ComparedBatch base = batch("a/1", 2, 1);

    // when
    ComparisonResult result = compare(base, batch("b/2", 2, 0.97));

    // then
    assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(result.sentence())
        .startsWith("INCONCLUSIVE b/2: ")
        .contains(" vs. a/1; ")
        .containsPattern("about \\d+ repeats are needed|noise does not rule out 5 %");
  }

  @Test
  void refusesSidesWithoutACommonPoint() {
    // given
    ComparedBatch all = batch("a/1", 5, 1);
    ComparedBatch none = new ComparedBatch("b/2", "", "", false, 10, List.of(), List.of());

    // when
    ComparisonResult result = compare(all, none);

    // then
    assertThat(result.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(result.sentence())
        .isEqualTo("REFUSED b/2 vs. a/1: no point has runs that count on both sides");
    assertThat(result.notes()).contains("b/2 has not finished: 0 of 10 runs.");
  }

  @Test
  void beginsTheMarkdownOfSeveralComparisonsWithTheWorst() {
    // given
    Comparer comparer = new Comparer(CompareRules.USUAL);
    ComparedSide base = side(batch("a/1", 5, 1));
    ComparisonResult same = comparer.compare(base, side(batch("a/1", 5, 1)), Pairing.SEPARATE);
    ComparisonResult slower = comparer.compare(base, side(batch("b/2", 5, 0.7)), Pairing.SEPARATE);

    // then
    assertThat(ComparisonMarkdown.text(List.of(same, slower))).startsWith("**FAIL** b/2");
  }

  @Test
  void tellsWhichNoiseBetweenBatchesItReckonsWith() {
    // given
    ComparedSide base = side(batch("a/1", 5, 1));
    ComparedSide candidate = side(batch("b/2", 5, 1));
    Comparer comparer = new Comparer(CompareRules.USUAL);
    Pairing known = new Pairing(Set.of(), false, SampleSides.history(6), List.of());

    // when, then
    assertThat(comparer.compare(base, candidate, IN_TURN).notes())
        .contains("Noise between batches: none, because both sides took turns on one service.");
    assertThat(comparer.compare(base, candidate, Pairing.SEPARATE).notes())
        .contains(
            "Noise between batches: 1.0 % (assumed; measuring it takes 5 comparable batches).");
    assertThat(comparer.compare(base, candidate, known).notes())
        .anyMatch(note -> note.contains("(over 6 comparable batches)"));
  }
}
