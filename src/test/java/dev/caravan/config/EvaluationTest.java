package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What results are held against: the bounds of slo and the runs of compare. */
class EvaluationTest {

  @Test
  void readsBoundsAndWhatToCompareWith() {
    // when
    Evaluation evaluation =
        FixedRules.read(
                BASE
                    + "  streaming: true\n"
                    + "slo: {ttft_ms_p99: 500, output_tokens_per_s: 20.5}\n"
                    + "compare: {last: 5, tolerance: {ttft_ms_p50: 7.5%},"
                    + " fail_on: inconclusive, allow: [cache]}\n")
            .evaluation();

    // then
    assertThat(evaluation.slo())
        .containsExactly(new Slo("ttft_ms_p99", 500), new Slo("output_tokens_per_s", 20.5));
    assertThat(evaluation.slo().get(0).holds(499)).isTrue();
    assertThat(evaluation.slo().get(1).holds(20)).isFalse();
    assertThat(evaluation.compare())
        .contains(
            new CompareRule(
                new CompareRule.Base.Last(5),
                List.of(),
                Map.of("ttft_ms_p50", 0.075),
                true,
                List.of("cache")));
  }

  @Test
  void takesABoundOnAMetricThatSomeRunHas() {
    // given
    String slo = "slo: {ttft_ms_p99: 500, output_tokens_per_s: 5}\n";
    String embeddings = BASE + "  endpoint_type: embeddings\n  streaming: true\n";

    // then
    assertThat(
            FixedRules.problems(BASE + "points: [{streaming: false}, {streaming: true}]\n" + slo))
        .isEmpty();
    assertThat(FixedRules.problems(BASE + "variants: {a: , b: {streaming: true}}\n" + slo))
        .isEmpty();
    assertThat(FixedRules.problems(embeddings + slo))
        .anySatisfy(p -> assertThat(p).contains("ttft_ms_p99: no run has it"))
        .anySatisfy(p -> assertThat(p).contains("whose responses are tokens"));
    assertThat(FixedRules.problems(embeddings + "slo: {request_latency_ms_p99: 5}\n")).isEmpty();
  }

  @Test
  void warnsOfAnAllowedDifferenceThatNothingIsCalled() {
    // given
    String rule = "compare: {last: 5, allow: [%s]}\n";
    String known =
        "aiperf, isl, benchmark_duration, request_count, stall, cpu_model, prefix_hits, vary_prompts";

    // then
    assertThat(FixedRules.read(BASE + rule.formatted(known)).warnings()).isEmpty();
    assertThat(FixedRules.read(BASE + rule.formatted("benchmark_duraton")).warnings())
        .singleElement()
        .asString()
        .contains(
            "compare.allow: \"benchmark_duraton\" is not a known key", "\"benchmark_duration\"?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          compare: {last: 5, tolerance: {itl_ms_p50: 0%}} | must be more than 0 %
          compare: {last: 5, metrics: [error_rate_pct]}   | unknown metric
          slo: {ttft_p99: 5}                              | unknown metric; one of request_throughput_rps
          slo: {ttft_ms_p9: 5}                            | did you mean "ttft_ms_p90"?
          slo: {ttft_ms_p99: fast}                        | must be a number
          slo: {ttft_ms_p99: 500}                         | slo.ttft_ms_p99: no run has it: requires streaming: true
          compare: {last: 5, metrics: [itl_ms_p50]}       | itl_ms_p50: no run has it: requires streaming: true
          compare: {}                                     | must have exactly one of last, last_pass
          compare: {batch: ../../etc}                     | must be the id or the name of a batch
          compare: {batch: /tmp/x.zip}                    | must be the id or the name of a batch
          compare: {last: 5, batch: b}                    | must have exactly one of last, last_pass
          compare: {variant: x}                           | no such variant
          compare: {last: 5, tolerance: {itl_ms_p50: 5}}  | must be a percentage
          compare: {last: 5, metrics: [speed]}            | unknown metric
          compare: {last: 5, allow: [cache, load, cache]} | compare.allow[2]: duplicate of item [0]
          compare: {last: 5, metrics: [ttft_ms_avg, ttft_ms_avg]} | metrics[1]: duplicate of item [0]
          compare: {last: 5, metrics: [ttft_ms_p50], tolerance: {itl_ms_p50: 5%}} | not in metrics
          compare: {baseline: ../main}                    | is not a valid baseline name
          compare: {baseline: .hidden}                    | is not a valid baseline name
          """)
  void refusesInvalidBoundsAndComparisons(String section, String message) {
    assertThat(FixedRules.problems(BASE + section + "\n"))
        .anySatisfy(problem -> assertThat(problem).contains(message));
  }
}
