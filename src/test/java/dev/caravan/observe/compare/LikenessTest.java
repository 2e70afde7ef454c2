package dev.caravan.observe.compare;

import static dev.caravan.observe.compare.SampleComparisons.allowing;
import static dev.caravan.observe.compare.SampleComparisons.compare;
import static dev.caravan.observe.compare.SampleSides.batch;
import static dev.caravan.observe.compare.SampleSides.side;
import static dev.caravan.observe.compare.SampleSides.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.Parameters;
import dev.caravan.config.Variant;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two sides must have in common to be compared, and what may differ. */
class LikenessTest {

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
}
