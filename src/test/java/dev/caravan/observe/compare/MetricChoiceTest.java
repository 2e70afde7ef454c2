package dev.caravan.observe.compare;

import static dev.caravan.observe.compare.SampleComparisons.compare;
import static dev.caravan.observe.compare.SampleSides.batch;
import static dev.caravan.observe.compare.SampleSides.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonResult.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Which metrics a comparison takes. */
class MetricChoiceTest {

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
              assertThat(row.base().rough()).as("200 requests, a p99 needs 368").isTrue();
            });
    assertThat(result.notes())
        .contains("Not compared, because one side has no values, or they may be 0: goodput_rps.");
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
        .contains(
            "Not compared, because one side has no values, or they may be 0: error_rate_pct.");
    assertThat(CompareRules.comparableMetrics()).doesNotContain("error_rate_pct", "errors");
  }
}
