package dev.caravan.observe.report;

import static dev.caravan.observe.report.SampleReports.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which points of a plot no other point beats. */
class ParetoMarksTest {

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
  }

  @Test
  void callsNoPointParetoThatAnotherBatchBeats() throws IOException {
    // given
    Batch slow = tree.batch("slow", "concurrency: [1, 2]", "engine: a");
    Batch fast = tree.batch("fast", "concurrency: [1, 2]", "engine: b");
    tree.succeeded(slow.run(0), 100, 50);
    tree.succeeded(slow.run(1), 200, 60);
    tree.succeeded(fast.run(0), 110, 40);
    tree.succeeded(fast.run(1), 190, 55);

    // when
    ReportData data = report(slow, fast);

    // then
    assertThat(overlay(data, Kind.TRADEOFF).series())
        .extracting(Plot.Series::pareto)
        .containsExactly(List.of(1), List.of(0, 1));
  }

  @Test
  void callsNoPointParetoThatAnotherLineBeats() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2], random_seed: [7, 8]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 110, 40);
    tree.succeeded(batch.run(2), 200, 60);
    tree.succeeded(batch.run(3), 210, 50);

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots)
        .filteredOn(plot -> plot.kind() == Kind.TRADEOFF || plot.kind() == Kind.CURVE)
        .isNotEmpty()
        .allSatisfy(
            plot ->
                assertThat(plot.series())
                    .extracting(Plot.Series::pareto)
                    .containsExactly(List.of(), List.of(1, 3)));
  }

  @Test
  void drawsDegradedPointsButCountsThemForNoFrontier() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 200, 60);
    tree.checked(batch.run(2), Outcome.DEGRADED, CheckResults.NONE, 900, 40);

    // when
    ReportData data = report(batch);

    // then
    assertThat(data.plots().stream().filter(plot -> plot.kind() == Kind.TRADEOFF))
        .isNotEmpty()
        .flatExtracting(Plot::series)
        .allSatisfy(
            series -> {
              assertThat(series.points()).containsExactly(0, 1, 2);
              assertThat(series.pareto()).doesNotContain(2);
              assertThat(series.knee()).isNotEqualTo(2);
            });
  }

  private static Plot overlay(ReportData data, Kind kind) {
    return data.plots().stream()
        .filter(plot -> plot.id().startsWith("all-") && plot.kind() == kind)
        .findFirst()
        .orElseThrow();
  }
}
