package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trend of a name when the checks found something in a run. */
class DisturbedNightsTest {

  private static final SearchSummary FOUND =
      new SearchSummary("concurrency", 0.05, 2, 0, "", "", Optional.empty(), List.of());

  private Nights nights;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    nights = new Nights(folder);
  }

  @Test
  void leavesOutDegradedRuns() throws IOException {
    // given
    nights.usual(5, "");
    Batch batch = nights.accepted("");
    nights.tree.succeeded(batch.run(0), 500, 30);
    nights.tree.checked(batch.run(1), Outcome.DEGRADED, found(Level.DEGRADED), 2000, 60);
    nights.finish(batch);

    // then
    BatchFigures figures = nights.trend().newest().figures().orElseThrow();
    assertThat(figures.throughput()).hasValue(500);
    assertThat(figures.requests()).hasValue(1000);
    assertThat(figures.disturbances()).containsExactly("cache");
    assertThat(figures.warnings()).isEmpty();
    assertThat(nights.trend().latency()).isEmpty();

    // when
    nights.night("", 1000, 60);

    // then
    assertThat(nights.trend().throughput().orElseThrow().usual()).isBetween(999.0, 1005.0);
  }

  @Test
  void doesNotCompareABatchWithAPointOfDegradedRunsOnly() throws IOException {
    // given
    nights.usual(5, "");
    disturbed("", "cache", 500, 60);

    // then
    assertThat(nights.trend().newest().figures().orElseThrow().lacksPoints()).isTrue();
    assertThat(nights.trend().throughput()).isEmpty();

    // when
    nights.night("", 1000, 60);

    // then
    assertThat(nights.trend().throughput()).map(Change::batches).contains(5);
  }

  @Test
  void hasLostTheBoundsUnlessADegradedRunMayKeepThem() throws IOException {
    // given: concurrency 8 misses the bound, and 4 is degraded
    nights.usual(1, Nights.SLO);

    // then
    assertThat(hasLostBounds("cache", 500)).as("misses it as well").isTrue();
    assertThat(hasLostBounds("cache", 30)).as("keeps it").isFalse();
    assertThat(hasLostBounds("errors", 30)).as("does not bear the load").isTrue();
    assertThat(hasLostBounds("client", 500)).as("not the fault of the service").isFalse();
  }

  @Test
  void setsSearchesSideBySideWhicheverOfTheirRunsAreDegraded() throws IOException {
    // given
    for (int each = 0; each < 2; each++) {
      Batch batch = disturbed("", "unanswered", 500, 60);
      Path summary = batch.folder().resolve("summary.json");
      Files.write(
          summary, BatchSummary.read(summary).orElseThrow().withSearch(Optional.of(FOUND)).json());
    }

    // then
    assertThat(nights.trend().newest().figures().orElseThrow().lacksPoints()).isFalse();
    assertThat(nights.trend().throughput()).map(Change::batches).contains(1);
  }

  @Test
  void comparesOnlyWithBatchesOfTheSameWarnings() throws IOException {
    // given
    nights.usual(6, "");
    warned();

    // then
    assertThat(nights.trend().newWarnings()).containsExactly("cache");
    assertThat(nights.trend().throughput()).isEmpty();
    assertThat(nights.trend().hasOtherWarnings()).isTrue();

    // when
    warned();

    // then
    assertThat(nights.trend().newWarnings()).isEmpty();
    assertThat(nights.trend().throughput()).map(Change::batches).contains(1);
    assertThat(nights.trend().hasOtherWarnings()).isFalse();
  }

  private boolean hasLostBounds(String check, double ttft) throws IOException {
    disturbed(Nights.SLO, check, ttft, 150);
    return nights.trend().hasLostBounds();
  }

  /** A batch whose first point has this finding and TTFT, and the second this TTFT. */
  private Batch disturbed(String sections, String check, double ttft, double second)
      throws IOException {
    Batch batch = nights.accepted(sections);
    nights.tree.checked(batch.run(0), Outcome.DEGRADED, found(check, Level.DEGRADED), 500, ttft);
    nights.tree.succeeded(batch.run(1), 1000, second);
    return nights.finish(batch);
  }

  /** A night whose replies come from a cache. */
  private void warned() throws IOException {
    Batch batch = nights.accepted("");
    nights.tree.succeeded(batch.run(0), 500, 30);
    nights.tree.checked(batch.run(1), Outcome.SUCCEEDED, found(Level.WARNING), 1000, 60);
    nights.finish(batch);
  }

  private static CheckResults found(Level level) {
    return found("cache", level);
  }

  private static CheckResults found(String check, Level level) {
    return new CheckResults(
        List.of(new Finding(check, level, 61, 5, "61 of 100", "a: b")),
        List.of(check),
        Map.of(),
        Map.of());
  }
}
