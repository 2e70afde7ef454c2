package dev.caravan.observe.compare;

import static dev.caravan.observe.compare.SampleSides.batch;
import static dev.caravan.observe.compare.SampleSides.side;
import static dev.caravan.observe.compare.SampleSides.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.observe.report.ReportMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Which points a trend is about, and what it says of those of the newest batch that are not. */
class TrendPointsTest {

  private static final List<ReportMetric> METRICS =
      List.of(ReportMetric.TOKENS, ReportMetric.TTFT_P50);

  private final List<String> leftOut = new ArrayList<>();

  private Set<String> points(ComparedBatch newest, Predicate<ComparedRun> counts) {
    ComparedSide whole = side(newest);
    return TrendPoints.of(
        whole, List.of(side(batch("a/1", 3, 1)), whole.counting(counts)), METRICS, leftOut);
  }

  @Test
  void areAllOfTheNewest() {
    assertThat(points(batch("b/2", 3, 1), run -> true))
        .containsExactlyInAnyOrder("concurrency4", "concurrency8");
    assertThat(leftOut).isEmpty();
  }

  @Test
  void lackThoseAtWhichTheNewestHasNoRunThatCounts() {
    assertThat(points(batch("b/2", 3, 1), run -> run.point().endsWith("4")))
        .containsExactly("concurrency4");
    assertThat(leftOut)
        .containsExactly("b/2: 1 of its 2 points, at which no run counts or a value is missing");
  }

  @Test
  void lackThoseAtWhichTheNewestHasNoValueOfAMetric() {
    // given
    ComparedBatch gap =
        with(
            batch("b/2", 3, 1),
            run -> run.point().endsWith("8") ? SampleSides.metric(run, "ttft_ms_p50", 0) : run);

    // then
    assertThat(points(gap, run -> true)).containsExactly("concurrency4");
    assertThat(leftOut)
        .containsExactly("b/2: 1 of its 2 points, at which no run counts or a value is missing");
  }

  @Test
  void areNoneWhereNoneHasAllMetrics() {
    // given
    ComparedBatch torn =
        with(
            batch("b/2", 3, 1),
            run ->
                SampleSides.metric(
                    run, run.point().endsWith("8") ? "ttft_ms_p50" : "output_tokens_per_s", 0));

    // then
    assertThat(points(torn, run -> true)).isEmpty();
    assertThat(leftOut)
        .containsExactly("b/2: 2 of its 2 points, at which no run counts or a value is missing");
  }
}
