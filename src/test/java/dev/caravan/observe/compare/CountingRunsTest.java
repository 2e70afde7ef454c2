package dev.caravan.observe.compare;

import static dev.caravan.observe.compare.SampleComparisons.allowing;
import static dev.caravan.observe.compare.SampleComparisons.compare;
import static dev.caravan.observe.compare.SampleSides.batch;
import static dev.caravan.observe.compare.SampleSides.side;
import static dev.caravan.observe.compare.SampleSides.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonMarkdown;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which runs and points count in a comparison, and what it says of those that do not. */
class CountingRunsTest {

  @Test
  void leavesOutRunsWhoseNumbersMeanNothing() {
    // given
    ComparedBatch candidate =
        with(
            batch("b/2", 5, 1),
            run ->
                run.repeat() == 1
                    ? SampleSides.found(run, "invalid", Map.of("clock", "invalid"))
                    : run.repeat() == 2
                        ? SampleSides.found(run, "degraded", Map.of("stall", "degraded"))
                        : run);

    // when
    ComparisonResult strict = compare(batch("a/1", 5, 1), candidate);
    ComparisonResult lenient = compare(allowing("stall", "clock"), batch("a/1", 5, 1), candidate);

    // then
    assertThat(strict.candidate().runs()).isEqualTo(6);
    assertThat(strict.notes()).contains("Left out of b/2: 2 degraded (stall), 2 invalid.");
    assertThat(lenient.candidate().runs()).as("invalid never counts").isEqualTo(8);
  }

  @Test
  void countsWarningsThatBothSidesCarry() {
    // given
    ComparedBatch warned =
        with(
            batch("b/2", 5, 1),
            run -> SampleSides.found(run, "succeeded", Map.of("lengths", "warning")));
    ComparedBatch once =
        with(
            batch("c/3", 5, 1),
            run ->
                run.repeat() == 3
                    ? SampleSides.found(run, "succeeded", Map.of("steady", "warning"))
                    : run);

    // when, then
    assertThat(compare(warned, warned).notes()).contains("Both sides have warnings: lengths.");
    assertThat(compare(batch("a/1", 5, 1), warned).sentence())
        .isEqualTo(
            "REFUSED b/2 vs. a/1: lengths: no warning / warning; --allow KEY,… compares them"
                + " anyway");
    assertThat(compare(allowing("lengths"), batch("a/1", 5, 1), warned).verdict())
        .isEqualTo(Verdict.PASS);
    assertThat(compare(batch("a/1", 5, 1), once).notes())
        .contains("Left out of c/3: 2 with a warning that the other side lacks (steady).");
  }

  @Test
  void countsRequestsOfTheComparedPointsAlone() {
    // given: one of the base's points has many requests, and the other side lacks it
    ComparedBatch base = batch("a/1", 5, 1);
    List<ComparedRun> runs = new ArrayList<>(base.runs());
    base.runs().stream()
        .filter(run -> run.point().equals("concurrency8"))
        .map(run -> SampleSides.metric(run, "requests", 100))
        .map(run -> SampleSides.at(run, "concurrency16"))
        .forEach(runs::add);
    ComparedBatch more =
        new ComparedBatch(
            base.id(), base.folder(), base.startedAt(), true, 15, base.variants(), runs);

    // when
    CompareRules rules = new CompareRules(List.of("ttft_ms_p99"), Map.of(), Set.of());
    ComparisonResult result =
        new Comparer(rules)
            .compare(ComparedSide.of(more), ComparedSide.of(batch("b/2", 5, 1)), Pairing.SEPARATE);

    // then
    assertThat(result.onlyBase()).containsExactly("concurrency16");
    assertThat(result.rows().get(0).overall()).isTrue();
    assertThat(result.rows().get(0).base().requests()).hasValue(200);
    assertThat(result.rows().get(0).base().rough()).isTrue();
  }

  @Test
  void listsPointsOfOneSide() {
    // given
    ComparedBatch all = batch("a/1", 5, 1);
    ComparedBatch fewer =
        new ComparedBatch(
            "b/2",
            "",
            "",
            true,
            5,
            List.of(),
            all.runs().stream().filter(run -> run.point().equals("concurrency8")).toList());

    // when
    ComparisonResult result = compare(all, fewer);

    // then
    assertThat(result.onlyBase()).containsExactly("concurrency 4");
    assertThat(result.rows()).extracting(Row::overall).containsOnly(false);
    assertThat(result.verdict()).as("what both have is whole").isEqualTo(Verdict.PASS);
  }

  @Test
  void namesPointsOfWhichOnlyOneSideHasValues() {
    // given
    ComparedBatch gap =
        with(
            batch("b/2", 5, 1),
            run -> run.point().endsWith("8") ? SampleSides.metric(run, "ttft_ms_p50", 0) : run);

    // when
    ComparisonResult result =
        new Comparer(CompareRules.USUAL)
            .compare(side(batch("a/1", 5, 1)), side(gap), Pairing.SEPARATE);

    // then
    assertThat(result.notes())
        .contains("Not compared, because only one side has values: TTFT p50 at concurrency 8.");
    assertThat(result.sentence())
        .isEqualTo("INCONCLUSIVE b/2: one side has no TTFT p50 at concurrency 8 vs. a/1");
  }

  @Test
  void namesThePointsWithoutARunThatCounts() {
    // given
    ComparedBatch all = batch("a/1", 5, 1);
    ComparedBatch broken =
        with(
            batch("b/2", 5, 1),
            run ->
                run.point().equals("concurrency8")
                    ? SampleSides.found(run, "failed", Map.of())
                    : run);

    // then
    String lost = "Not compared, because no run of b/2 counts there: concurrency 8.";
    assertThat(compare(all, broken).sentence())
        .isEqualTo("INCONCLUSIVE b/2: one side has no run that counts at concurrency 8 vs. a/1");
    assertThat(compare(broken, all).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(compare(all, broken).notes()).contains("Left out of b/2: 5 failed.", lost);
    assertThat(compare(all, broken).onlyBase()).as("it is in both").isEmpty();
    assertThat(compare(broken, broken).notes()).contains(lost);
    assertThat(compare(broken, broken).verdict()).as("neither lost it").isEqualTo(Verdict.PASS);
    assertThat(compare(all, all).notes()).noneMatch(note -> note.startsWith("Not compared"));
  }

  @Test
  void hasNoMeanOverAllPointsWithoutARoundThatHasThem() {
    // given: in each round one point failed
    ComparedBatch torn =
        with(
            batch("b/2", 5, 1),
            run ->
                (run.repeat() % 2 == 0) == run.point().equals("concurrency8")
                    ? SampleSides.found(run, "failed", Map.of())
                    : run);

    // when
    ComparisonResult result = compare(batch("a/1", 5, 1), torn);

    // then
    assertThat(result.rows())
        .filteredOn(Row::overall)
        .hasSize(3)
        .allSatisfy(row -> assertThat(row.base().mean()).isPresent())
        .allSatisfy(row -> assertThat(row.candidate().mean()).isEmpty());
    assertThat(ComparisonMarkdown.text(List.of(result))).contains("| – |").doesNotContain("NaN");
    assertThat(new String(Json.file(result), StandardCharsets.UTF_8)).doesNotContain("NaN");
    assertThat(result.sentence()).contains("too few runs over all points");
  }

  @Test
  void namesTheOnlyPointOfABatchInWhichNothingVaries() {
    // given
    ComparedBatch only = with(batch("a/1", 5, 1), SampleSides::unnamed);

    // when
    ComparedBatch failed = with(only, run -> SampleSides.found(run, "failed", Map.of()));

    // then
    assertThat(compare(only, failed).notes())
        .contains("Not compared, because no run of a/1 counts there: its only point.");
  }
}
