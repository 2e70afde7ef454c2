package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.Change.Kind;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameTrendTest {

  private static final String SLO = "slo: {request_latency_ms_p99: 700}\n";

  private static final SearchSummary FOUND =
      new SearchSummary("concurrency", 0.05, 2, 0, "", "", Optional.empty(), List.of());

  private SampleTree tree;
  private Path cache;
  private final List<Path> folders = new ArrayList<>();

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
    cache = folder.resolve("cache/list.json");
  }

  @Test
  void seesANightThatIsFifteenPercentSlower() throws IOException {
    // given
    nights(6, "");
    night("", 850, 60);

    // when
    NameTrend trend = trend();

    // then
    assertThat(trend.throughput().orElseThrow().kind()).isEqualTo(Kind.WORSE);
    assertThat(trend.throughput().orElseThrow().batches()).isEqualTo(6);
    assertThat(trend.newest().figures().orElseThrow().at()).isEqualTo("concurrency 8");
    assertThat(trend.latency().orElseThrow().kind()).isEqualTo(Kind.AS_USUAL);
  }

  @Test
  void takesTheBestPointWithinTheBoundsIfThereAreAny() throws IOException {
    // given: concurrency 8 misses the bound
    night(SLO, 1000, 80);

    // when
    BatchFigures figures = trend().newest().figures().orElseThrow();

    // then
    assertThat(figures.throughput()).hasValue(500);
    assertThat(figures.at()).isEqualTo("concurrency 4");
    assertThat(figures.isBounded()).isTrue();
  }

  @Test
  void seesThatNoPointKeepsTheBoundsAnyMore() throws IOException {
    // given
    nights(1, SLO);
    night(SLO, 1000, 150);

    // then
    assertThat(trend().hasLostBounds()).isTrue();
    assertThat(trend().throughput()).isEmpty();
  }

  @Test
  void setsOnlyBatchesOfTheSameWorkSideBySide() throws IOException {
    // given
    nights(6, "");
    night("vary_prompts: true\n", 500, 60);

    // then
    assertThat(trend().throughput()).isEmpty();
    assertThat(trend().isBreak(6)).isTrue();
    assertThat(trend().isBreak(5)).isFalse();

    // when: what makes no difference to the work differs
    Batch batch = night("vary_prompts: true\nlabels: {commit: abc}\n# a comment\n", 500, 60);

    // then
    assertThat(trend().newest().id()).isEqualTo(batch.id());
    assertThat(trend().throughput()).map(Change::batches).contains(1);
  }

  @Test
  void setsNoBatchesOfOtherPromptsSideBySide() throws IOException {
    // given
    Path dataset = tree.home().home.datasets().resolve("d.jsonl");
    Files.createDirectories(dataset.getParent());
    String rest = "  custom_dataset_type: single_turn\n  input_file: d.jsonl\n";
    Files.writeString(dataset, "{\"text\": \"a\"}\n");
    Batch first = tree.batch(FixedRules.BASE + rest);
    Batch same = tree.batch(FixedRules.BASE + rest);

    // when
    Files.writeString(dataset, "{\"text\": \"b\"}\n");
    Batch other = tree.batch(FixedRules.BASE + rest);

    // then
    assertThat(Workload.of(same)).isEqualTo(Workload.of(first));
    assertThat(Workload.of(other)).isNotEqualTo(Workload.of(first));
  }

  @Test
  void tellsBatchesApartThatDifferInTheirLastRunOnly() {
    // given
    String seeds = "sweeps: {concurrency: [1, 2, 4], random_seed: %s}\n";
    List<Integer> numbers = new ArrayList<>(IntStream.range(0, 5_000).boxed().toList());
    Batch first = tree.batch(FixedRules.BASE + seeds.formatted(numbers));

    // when
    numbers.set(4_999, 70_000);
    Batch other = tree.batch(FixedRules.BASE + seeds.formatted(numbers));

    // then
    assertThat(Workload.of(other)).isNotEqualTo(Workload.of(first));
  }

  @Test
  void leavesOutEarlierBatchesThatFailedTheirComparison() throws IOException {
    // given
    nights(5, "");
    Batch failed = night("", 500, 60);
    Files.writeString(
        failed.folder().resolve("comparison.json"), "{\"verdict\": \"FAIL\", \"sentence\": \"x\"}");
    night("", 1000, 60);

    // then
    assertThat(trend().throughput().orElseThrow().batches()).isEqualTo(5);
  }

  @Test
  void hasNoLatencyWhenAPointFailed() throws IOException {
    // given
    nights(5, "");
    Batch batch = tree.batch(config(""));
    tree.succeeded(batch.run(0), 500, 30);
    tree.ended(batch.run(1), Outcome.FAILED, "crashed", "it broke");
    finish(batch);

    // then
    assertThat(trend().latency()).isEmpty();
    assertThat(trend().throughput().orElseThrow().kind()).isEqualTo(Kind.WORSE);
  }

  @Test
  void leavesOutDegradedRuns() throws IOException {
    // given
    nights(5, "");
    Batch batch = tree.batch(config(""));
    tree.succeeded(batch.run(0), 500, 30);
    tree.checked(batch.run(1), Outcome.DEGRADED, found(Level.DEGRADED), 2000, 60);
    finish(batch);

    // then
    BatchFigures figures = trend().newest().figures().orElseThrow();
    assertThat(figures.throughput()).hasValue(500);
    assertThat(figures.requests()).hasValue(1000);
    assertThat(figures.disturbances()).containsExactly("cache");
    assertThat(figures.warnings()).isEmpty();
    assertThat(trend().latency()).isEmpty();

    // when
    night("", 1000, 60);

    // then
    assertThat(trend().throughput().orElseThrow().usual()).isBetween(999.0, 1005.0);
  }

  @Test
  void doesNotCompareABatchWithAPointOfDegradedRunsOnly() throws IOException {
    // given
    nights(5, "");
    disturbed("", "cache", 500, 60);

    // then
    assertThat(trend().newest().figures().orElseThrow().lacksPoints()).isTrue();
    assertThat(trend().throughput()).isEmpty();

    // when
    night("", 1000, 60);

    // then
    assertThat(trend().throughput()).map(Change::batches).contains(5);
  }

  @Test
  void hasLostTheBoundsUnlessADegradedRunMayKeepThem() throws IOException {
    // given: concurrency 8 misses the bound, and 4 is degraded
    nights(1, SLO);

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
    assertThat(trend().newest().figures().orElseThrow().lacksPoints()).isFalse();
    assertThat(trend().throughput()).map(Change::batches).contains(1);
  }

  private boolean hasLostBounds(String check, double ttft) throws IOException {
    disturbed(SLO, check, ttft, 150);
    return trend().hasLostBounds();
  }

  /** A batch whose first point has this finding and TTFT, and the second this TTFT. */
  private Batch disturbed(String sections, String check, double ttft, double second)
      throws IOException {
    Batch batch = tree.batch(config(sections));
    tree.checked(batch.run(0), Outcome.DEGRADED, found(check, Level.DEGRADED), 500, ttft);
    tree.succeeded(batch.run(1), 1000, second);
    return finish(batch);
  }

  @Test
  void comparesOnlyWithBatchesOfTheSameWarnings() throws IOException {
    // given
    nights(6, "");
    warned();

    // then
    assertThat(trend().newWarnings()).containsExactly("cache");
    assertThat(trend().throughput()).isEmpty();
    assertThat(trend().hasOtherWarnings()).isTrue();

    // when
    warned();

    // then
    assertThat(trend().newWarnings()).isEmpty();
    assertThat(trend().throughput()).map(Change::batches).contains(1);
    assertThat(trend().hasOtherWarnings()).isFalse();
  }

  /** A night whose replies come from a cache. */
  private void warned() throws IOException {
    Batch batch = tree.batch(config(""));
    tree.succeeded(batch.run(0), 500, 30);
    tree.checked(batch.run(1), Outcome.SUCCEEDED, found(Level.WARNING), 1000, 60);
    finish(batch);
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

  private void nights(int count, String sections) throws IOException {
    for (int each = 0; each < count; each++) {
      night(sections, 1000 + each, 60);
    }
  }

  /** A batch of two points, of which the second has this throughput and TTFT. */
  private Batch night(String sections, double throughput, double ttft) throws IOException {
    Batch batch = tree.batch(config(sections));
    tree.succeeded(batch.run(0), throughput / 2, ttft / 2);
    tree.succeeded(batch.run(1), throughput, ttft);
    return finish(batch);
  }

  private static String config(String sections) {
    return "batch_name: nightly\n" + FixedRules.BASE + sections + "sweeps: {concurrency: [4, 8]}\n";
  }

  private Batch finish(Batch batch) throws IOException {
    tree.summarise(batch, true);
    folders.add(batch.folder());
    return batch;
  }

  private NameTrend trend() {
    List<Path> newestFirst = new ArrayList<>(folders);
    Collections.reverse(newestFirst);
    return NameTrend.of("nightly", new BatchIndex(cache, new BatchReader()).entries(newestFirst));
  }
}
