package dev.caravan.observe.report;

import static dev.caravan.observe.report.SampleReports.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice of the plots of a report, and their lines. */
class PlotsTest {

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
  }

  @Test
  void keepsFailedPointsInTheirPositionOnTheLine() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [8, 1, 4]", "");
    tree.succeeded(batch.run(0), 300, 90);
    tree.succeeded(batch.run(1), 100, 50);
    tree.ended(batch.run(2), Outcome.TIMED_OUT, "", "it hung");

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots.get(0).kind()).isEqualTo(Kind.CURVE);
    assertThat(plots.get(0).x()).isEqualTo("ttft_ms_p99");
    assertThat(plots.get(0).y()).containsExactly("output_tokens_per_s");
    assertThat(plots.get(0).series())
        .singleElement()
        .satisfies(series -> assertThat(series.points()).containsExactly(1, 2, 0));
  }

  @Test
  void showsThroughputPerGpuWhenTheLabelGivesTheirNumber() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "gpus: \"4\"");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 200, 60);

    // when
    ReportData data = report(batch);

    // then
    assertThat(data.plots().get(0).y()).containsExactly("output_tokens_per_s_per_gpu");
    assertThat(data.batches().get(0).points().get(1).metrics().get(ReportMetric.TOKENS_PER_GPU))
        .hasValue(50);
  }

  @Test
  void drawsTwoKeysAsAHeatMapAndOneLinePerValue() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2], random_seed: [7, 8]", "");
    for (int run = 0; run < 4; run++) {
      tree.succeeded(batch.run(run), 100 + run, 50 + run);
    }

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots).extracting(Plot::kind).contains(Kind.HEAT, Kind.LINES, Kind.TRADEOFF);
    assertThat(plots.get(0).series())
        .extracting(Plot.Series::label)
        .containsExactly("random_seed 7", "random_seed 8");
    assertThat(plots.get(0).series().get(1).points()).containsExactly(1, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "'request_rate: [inf, 2, 10]', '1, 2, 0', 2",
    "'request_rate: [10, inf, 2]', '2, 0, 1', 0",
    "'model: [inf, small, large]', '0, 1, 2', -1",
  })
  void ordersARateWithoutALimitAboveAllOthers(String sweep, String order, int knee)
      throws IOException {
    // given
    Batch batch = tree.batch("b", sweep, "");
    List<Integer> points = Stream.of(order.split(", ")).map(Integer::valueOf).toList();
    tree.succeeded(batch.run(points.get(0)), 100, 50);
    tree.succeeded(batch.run(points.get(1)), 290, 60);
    tree.succeeded(batch.run(points.get(2)), 300, 500);

    // when
    List<Plot> plots = report(batch).plots();

    // then: what has no limit has no place on a scale
    assertThat(plots).extracting(Plot::kind).contains(Kind.BARS).doesNotContain(Kind.LINES);
    assertThat(plots.get(0).series())
        .singleElement()
        .satisfies(
            series -> {
              assertThat(series.points()).isEqualTo(points);
              assertThat(series.knee()).isEqualTo(knee);
            });
  }

  @Test
  void drawsANonNumericKeyAsBars() throws IOException {
    // given
    Batch batch = tree.batch("b", "model: [large, small]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 200, 40);

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots).extracting(Plot::kind).contains(Kind.BARS).doesNotContain(Kind.LINES);
    assertThat(plots)
        .filteredOn(plot -> plot.kind() == Kind.BARS)
        .extracting(Plot::title)
        .containsExactly("Output tokens/s by model", "Time to first token by model");
    assertThat(plots.get(0).series())
        .as("the points of words are one series, named by their word")
        .singleElement()
        .satisfies(
            series -> {
              assertThat(series.label()).isEmpty();
              assertThat(series.key()).isZero();
              assertThat(series.points()).containsExactly(0, 1);
            });
    assertThat(report(batch).batches().get(0).provenance().model()).isEqualTo("large, small");
  }

  @Test
  void namesALineByTheOtherWordsAndFindsNoKneeBetweenWords() throws IOException {
    // given
    Batch batch = tree.batch("b", "endpoint_type: [chat, completions], model: [a, b, c]", "");
    for (int run = 0; run < 6; run++) {
      tree.succeeded(batch.run(run), 100 * (run % 3 + 1) - run * run, 50 + 30 * (run % 3));
    }

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots.get(0).series())
        .extracting(Plot.Series::label)
        .containsExactly("model a", "model b", "model c");
    assertThat(plots).flatExtracting(Plot::series).extracting(Plot.Series::knee).containsOnly(-1);
  }

  @Test
  void overlaysBatchesAndNamesThemByTheirDifferingLabels() throws IOException {
    // given
    Batch one = tree.batch("one", "concurrency: [1, 2]", "engine: a, gpu: H100");
    Batch two = tree.batch("two", "concurrency: [1, 2]", "engine: b, gpu: H100");
    for (Batch batch : List.of(one, two)) {
      tree.succeeded(batch.run(0), 100, 50);
      tree.succeeded(batch.run(1), 200, 60);
    }

    // when
    ReportData data = report(one, two);

    // then
    assertThat(data.plots().get(0).id()).isEqualTo("all-frontier");
    assertThat(data.plots().get(0).series())
        .extracting(Plot.Series::label)
        .containsExactly("a", "b");
    assertThat(data.plots().get(0).series()).extracting(Plot.Series::batch).containsExactly(0, 1);
  }
}
