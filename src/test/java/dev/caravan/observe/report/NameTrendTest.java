package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.Change.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the newest batch of a name does against the usual numbers of its name, and its bounds. */
class NameTrendTest {

  private Nights nights;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    nights = new Nights(folder);
  }

  @Test
  void seesANightThatIsFifteenPercentSlower() throws IOException {
    // given
    nights.usual(6, "");
    nights.night("", 850, 60);

    // when
    NameTrend trend = nights.trend();

    // then
    assertThat(trend.throughput().orElseThrow().kind()).isEqualTo(Kind.WORSE);
    assertThat(trend.throughput().orElseThrow().batches()).isEqualTo(6);
    assertThat(trend.newest().figures().orElseThrow().at()).isEqualTo("concurrency 8");
    assertThat(trend.latency().orElseThrow().kind()).isEqualTo(Kind.AS_USUAL);
  }

  @Test
  void takesTheBestPointWithinTheBoundsIfThereAreAny() throws IOException {
    // given: concurrency 8 misses the bound
    nights.night(Nights.SLO, 1000, 80);

    // when
    BatchFigures figures = nights.trend().newest().figures().orElseThrow();

    // then
    assertThat(figures.throughput()).hasValue(500);
    assertThat(figures.at()).isEqualTo("concurrency 4");
    assertThat(figures.isBounded()).isTrue();
  }

  @Test
  void seesThatNoPointKeepsTheBoundsAnyMore() throws IOException {
    // given
    nights.usual(1, Nights.SLO);
    nights.night(Nights.SLO, 1000, 150);

    // then
    assertThat(nights.trend().hasLostBounds()).isTrue();
    assertThat(nights.trend().throughput()).isEmpty();
  }

  @Test
  void leavesOutEarlierBatchesThatFailedTheirComparison() throws IOException {
    // given
    nights.usual(5, "");
    Batch failed = nights.night("", 500, 60);
    Files.writeString(
        failed.folder().resolve("comparison.json"), "{\"verdict\": \"FAIL\", \"sentence\": \"x\"}");
    nights.night("", 1000, 60);

    // then
    assertThat(nights.trend().throughput().orElseThrow().batches()).isEqualTo(5);
  }

  @Test
  void hasNoLatencyWhenAPointFailed() throws IOException {
    // given
    nights.usual(5, "");
    Batch batch = nights.accepted("");
    nights.tree.succeeded(batch.run(0), 500, 30);
    nights.tree.ended(batch.run(1), Outcome.FAILED, "crashed", "it broke");
    nights.finish(batch);

    // then
    assertThat(nights.trend().latency()).isEmpty();
    assertThat(nights.trend().throughput().orElseThrow().kind()).isEqualTo(Kind.WORSE);
  }
}
