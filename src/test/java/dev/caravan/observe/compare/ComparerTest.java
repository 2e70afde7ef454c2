package dev.caravan.observe.compare;

import static dev.caravan.observe.compare.SampleSides.batch;
import static dev.caravan.observe.compare.SampleSides.side;
import static dev.caravan.observe.compare.SampleSides.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.Parameters;
import dev.caravan.config.Variant;
import dev.caravan.observe.report.ComparisonMarkdown;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparerTest {

  private static final Pairing IN_TURN = new Pairing(Set.of(), true, List.of(), List.of());

  private static ComparisonResult compare(ComparedBatch base, ComparedBatch candidate) {
    return compare(CompareRules.USUAL, base, candidate);
  }

  private static ComparisonResult compare(
      CompareRules rules, ComparedBatch base, ComparedBatch candidate) {
    return new Comparer(rules).compare(side(base), side(candidate), IN_TURN);
  }

  private static CompareRules allowing(String... keys) {
    return new CompareRules(List.of(), Map.of(), Set.of(keys));
  }

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
        .containsPattern("about \\d+ repeats would tell|noise leaves room for 5 %");
  }

  @ParameterizedTest
  @CsvSource({"benchmark_duration, 120", "model, other", "request_count, 500"})
  void refusesRunsOfOtherParameters(String key, String value) {
    // given
    ComparedBatch other = with(batch("b/2", 5, 1), run -> SampleSides.parameter(run, key, value));

    // when
    ComparisonResult refused = compare(batch("a/1", 5, 1), other);
    ComparisonResult allowed = compare(allowing(key), batch("a/1", 5, 1), other);

    // then
    assertThat(refused.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(refused.sentence()).startsWith("REFUSED b/2 vs. a/1: " + key + ": ");
    assertThat(refused.rows())
        .as("both means, but no difference")
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.kind()).isEqualTo(Kind.UNLIKE);
              assertThat(row.change()).isEmpty();
              assertThat(row.probability()).isEmpty();
            });
    assertThat(allowed.verdict()).isEqualTo(Verdict.PASS);
    assertThat(allowed.sentence()).endsWith("vs. a/1 (allowed to differ: " + key + ")");
    assertThat(allowed.unlike()).extracting(Unlike::allowed).containsExactly(true);
  }

  @Test
  void comparesNoRateThatMayBeZero() {
    // given: two of five repeats have no errors, of which a mean of logarithms would know nothing
    UnaryOperator<ComparedRun> errors =
        run -> SampleSides.value(run, "error_rate_pct", run.repeat() <= 2 ? 0 : 1);
    CompareRules rules =
        new CompareRules(List.of("ttft_ms_p50", "error_rate_pct"), Map.of(), Set.of());

    // when
    ComparisonResult result =
        compare(rules, with(batch("a/1", 5, 1), errors), with(batch("b/2", 5, 1), errors));

    // then
    assertThat(result.rows()).extracting(Row::metric).containsOnly("ttft_ms_p50");
    assertThat(result.notes())
        .contains("Not compared, since a side has no values or they may be 0: error_rate_pct.");
    assertThat(CompareRules.comparableMetrics()).doesNotContain("error_rate_pct", "errors");
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
  void refusesOtherClientsLengthsAndCaches() {
    // given
    UnaryOperator<ComparedRun> change =
        run ->
            SampleSides.on(
                SampleSides.metric(run, "osl_avg", 0.9), Map.of("aiperf", "0.14.0", "cpus", "8"));

    // when
    ComparisonResult result = compare(batch("a/1", 5, 1), with(batch("b/2", 5, 1), change));

    // then
    assertThat(result.unlike())
        .extracting(Unlike::text)
        .containsExactly("aiperf: 0.13.0 / 0.14.0", "osl: 256 tokens / 230 tokens");

    // when: lengths that whole numbers do not tell apart
    ComparisonResult few =
        compare(
            with(batch("a/1", 5, 1), run -> SampleSides.metric(run, "osl_avg", 9.6 / 256)),
            with(batch("b/2", 5, 1), run -> SampleSides.metric(run, "osl_avg", 10.4 / 256)));

    // then
    assertThat(few.unlike())
        .extracting(Unlike::text)
        .containsExactly("osl: 9.60 tokens / 10.4 tokens");
  }

  @Test
  void listsWhatDoesNotMatter() {
    // given
    ComparedBatch base = batch("a/1", 5, 1);
    ComparedBatch elsewhere =
        with(
            batch("b/2", 5, 1),
            run ->
                new ComparedRun(
                    "",
                    run.point(),
                    run.label(),
                    run.repeat(),
                    run.outcome(),
                    "",
                    Map.of(),
                    run.metrics(),
                    run.parameters(),
                    run.client(),
                    Map.of("host", "bench-2", "url", "http://gpu:8000", "service.version", "2")));

    // when
    ComparisonResult result = compare(base, elsewhere);

    // then
    assertThat(result.verdict()).isEqualTo(Verdict.PASS);
    assertThat(result.listed()).extracting(Unlike::text).containsExactly("host: bench-1 / bench-2");
  }

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
    assertThat(compare(warned, warned).notes()).contains("Both sides carry warnings: lengths.");
    assertThat(compare(batch("a/1", 5, 1), warned).sentence())
        .isEqualTo(
            "REFUSED b/2 vs. a/1: lengths: no warning / warning; --allow KEY,… compares them all"
                + " the same");
    assertThat(compare(allowing("lengths"), batch("a/1", 5, 1), warned).verdict())
        .isEqualTo(Verdict.PASS);
    assertThat(compare(batch("a/1", 5, 1), once).notes())
        .contains("Left out of c/3: 2 with a warning that the other side lacks (steady).");
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
    String lost = "Not compared, since no run of b/2 counts there: concurrency 8.";
    assertThat(compare(all, broken).verdict()).isEqualTo(Verdict.PASS);
    assertThat(compare(all, broken).notes()).contains("Left out of b/2: 5 failed.", lost);
    assertThat(compare(broken, broken).notes()).contains(lost);
    assertThat(compare(all, all).notes()).noneMatch(note -> note.startsWith("Not compared"));
  }

  @Test
  void namesTheOnlyPointOfABatchInWhichNothingVaries() {
    // given
    ComparedBatch only = with(batch("a/1", 5, 1), SampleSides::unnamed);

    // when
    ComparedBatch failed = with(only, run -> SampleSides.found(run, "failed", Map.of()));

    // then
    assertThat(compare(only, failed).notes())
        .contains("Not compared, since no run of a/1 counts there: its only point.");
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
  void comparesThroughputByLatencyAtAFixedRate() {
    // given
    UnaryOperator<ComparedRun> atRate = run -> SampleSides.parameter(run, "request_rate", "5");

    // when
    ComparisonResult result =
        compare(with(batch("a/1", 5, 1), atRate), with(batch("b/2", 5, 1), atRate));

    // then
    assertThat(result.rows()).extracting(Row::metric).containsOnly("ttft_ms_p50", "itl_ms_p50");
  }

  @Test
  void comparesMetricsThatAreAskedForAndMarksRoughOnes() {
    // given
    CompareRules rules =
        new CompareRules(
            List.of("ttft_ms_p99", "goodput_rps"), Map.of("ttft_ms_p99", 0.2), Set.of());

    // when
    ComparisonResult result = compare(rules, batch("a/1", 5, 1), batch("b/2", 5, 1));

    // then
    assertThat(result.rows())
        .allSatisfy(
            row -> {
              assertThat(row.metric()).isEqualTo("ttft_ms_p99");
              assertThat(row.tolerance()).isEqualTo(0.2);
              assertThat(row.base().rough()).as("200 requests, a p99 takes 368").isTrue();
            });
    assertThat(result.notes())
        .contains("Not compared, since a side has no values or they may be 0: goodput_rps.");
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
        .contains("Noise between batches: none, since both sides took turns on one service.");
    assertThat(comparer.compare(base, candidate, Pairing.SEPARATE).notes())
        .contains(
            "Noise between batches: 1.0 % (assumed; it takes 5 alike batches to measure it).");
    assertThat(comparer.compare(base, candidate, known).notes())
        .anyMatch(note -> note.contains("(over 6 alike batches)"));
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
        .contains("Not compared, since only one side has values: TTFT p50 at concurrency8.");
  }

  @Test
  void comparesWithRunsOfWhichNoParametersAreKnown() {
    // given
    ComparedBatch plain = with(batch("aiperf", 5, 1), SampleSides::withoutParameters);

    // when
    ComparisonResult result =
        new Comparer(CompareRules.USUAL)
            .compare(side(plain), side(batch("b/2", 5, 1)), Pairing.SEPARATE);

    // then
    assertThat(result.unlike()).isEmpty();
    assertThat(result.verdict()).isNotEqualTo(Verdict.REFUSED);
  }

  @Test
  void meansCountsToDifferWhereAVariantSetsTheConcurrencyThatTheyFollow() {
    // given
    Variant variant =
        new Variant(
            new Parameters(Map.of()), Set.of("concurrency", "url"), Map.of(), Optional.empty());

    // then
    assertThat(ComparedVariant.of("a", variant, Set.of("request_count")).keys())
        .containsExactly("concurrency", "request_count", "url");
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
}
