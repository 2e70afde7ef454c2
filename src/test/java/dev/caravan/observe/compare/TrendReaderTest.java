package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrendReaderTest {

  private static final String NIGHTLY = "batch_name: nightly\nsweeps: {concurrency: [4, 8]}\n";

  private static final String SEARCH =
      """
      batch_name: nightly
      slo: {request_latency_ms_p99: 5000}
      search: {concurrency: [1, 8]}
      """;

  @TempDir private Path folder;

  private NightlyTree tree;

  @BeforeEach
  void prepare() throws IOException {
    tree = new NightlyTree(folder);
  }

  @Test
  void hasALineABatchOldestFirst() throws Exception {
    // given
    Batch first = tree.batch(NIGHTLY + "repeat: 5\nlabels: {commit: abc123}\n", 1);
    Batch second = tree.batch(NIGHTLY + "repeat: 5\nslo: {output_tokens_per_s: 2000}\n", 1.2);
    NightlyTree.judged(second, "PASS");

    // when
    Trend trend = read(List.of());

    // then
    assertThat(trend.lines())
        .extracting(Trend.Line::batch)
        .containsExactly(first.id(), second.id());
    assertThat(trend.lines()).extracting(Trend.Line::commit).containsExactly("abc123", "");
    assertThat(trend.lines()).extracting(Trend.Line::verdict).containsExactly("", "PASS");
    assertThat(trend.lines()).extracting(Trend.Line::slo).containsExactly("", "no concurrency");
    assertThat(trend.metrics()).startsWith("output_tokens_per_s", "ttft_ms_p50");
    assertThat(trend.lines().get(1).values().get(0))
        .satisfies(
            value -> {
              assertThat(value.mean()).isBetween(1_180.0, 1_220.0);
              assertThat(value.low().orElseThrow()).isBetween(1_150.0, value.mean());
              assertThat(value.high().orElseThrow()).isBetween(value.mean(), 1_250.0);
            });
    assertThat(TrendText.csv(trend).lines())
        .hasSize(3)
        .first()
        .asString()
        .startsWith("time,batch,commit,aiperf,changed,verdict,slo,runs,output_tokens_per_s,")
        .contains(",output_tokens_per_s_low,output_tokens_per_s_high,");
    assertThat(TrendText.table(trend, 60).lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(60));
    assertThat(TrendText.table(trend, 60).lines())
        .last()
        .asString()
        .startsWith(second.id() + "  PASS  slo no concurrency  out");
  }

  @Test
  void tellsTheHighestLoadThatKeepsTheBounds() throws Exception {
    // given
    String config = NIGHTLY + "repeat: 3\nslo: {output_tokens_per_s: 1000}\n";
    tree.batch(config, run -> run.parameters().concurrency() > 4 ? 0.7 : 1.4);
    tree.batch(config, 1.4);

    // when
    Trend trend = read(List.of());

    // then
    assertThat(trend.lines())
        .extracting(Trend.Line::slo)
        .containsExactly("concurrency 4", "concurrency 8");
  }

  @Test
  void leavesOutBatchesThatLackPointsOfTheNewestAndSaysSo() throws Exception {
    // given
    Batch other = tree.batch("batch_name: nightly\nsweeps: {concurrency: [4, 16]}\n", 1);
    Batch newest = tree.batch(NIGHTLY, 1);

    // when
    Trend trend = read(List.of("ttft_ms_p99"));

    // then
    assertThat(trend.lines()).extracting(Trend.Line::batch).containsExactly(newest.id());
    assertThat(trend.leftOut()).singleElement().asString().startsWith(other.id() + ": it lacks");
    assertThat(trend.metrics()).containsExactly("ttft_ms_p99");
    assertThat(trend.lines().get(0).values().get(0).low()).as("no repeats").isEmpty();
  }

  @Test
  void comparesSearchesAtTheLoadsThatAllOfThemRan() throws Exception {
    // given: each has a load that no other has, and all have 1 and 2
    Batch oldest = tree.search(SEARCH, 1, List.of(3, 1, 2, 4));
    Batch older = tree.search(SEARCH, 1.1, List.of(2, 1));
    Batch newest = tree.search(SEARCH, 1.2, List.of(5, 1, 2, 4, 6));

    // when
    Trend trend = read(List.of("output_tokens_per_s"));

    // then
    assertThat(trend.lines())
        .extracting(Trend.Line::batch)
        .containsExactly(oldest.id(), older.id(), newest.id());
    assertThat(trend.lines())
        .extracting(Trend.Line::slo)
        .containsExactly("concurrency 3", "concurrency 2", "concurrency 5");
    assertThat(trend.lines())
        .extracting(line -> Math.round(line.values().get(0).mean()))
        .containsExactly(1_000L, 1_100L, 1_200L);
    assertThat(trend.leftOut())
        .containsExactly(
            newest.id() + ": 3 of its 5 points, at which other searches have no value");
  }

  @Test
  void leavesOutASearchThatSharesNoLoadWithTheNewest() throws Exception {
    // given
    Batch older = tree.search(SEARCH, 1, List.of(2, 1));
    Batch other = tree.search(SEARCH, 1, List.of(6, 7));
    Batch newest = tree.search(SEARCH, 1, List.of(1, 2));

    // when
    Trend trend = read(List.of("output_tokens_per_s"));

    // then
    assertThat(trend.lines())
        .extracting(Trend.Line::batch)
        .containsExactly(older.id(), newest.id());
    assertThat(trend.leftOut())
        .singleElement()
        .asString()
        .startsWith(other.id() + ": it lacks values at points");
  }

  @Test
  void showsTheOthersWhenNoRunOfTheNewestCounts() throws Exception {
    // given
    Batch older = tree.batch(NIGHTLY, 1);
    Batch failed = tree.failed(NIGHTLY);
    Batch other = tree.failed("batch_name: other\nsweeps: {concurrency: [4, 8]}\n");

    // when
    Trend trend = new TrendReader(tree.finder(), List.of(), 10).read(List.of("nightly", "other"));

    // then
    assertThat(trend.lines()).extracting(Trend.Line::batch).containsExactly(older.id());
    assertThat(trend.leftOut())
        .containsExactly(failed.id() + ": no run counts", other.id() + ": no run counts");
    assertThat(TrendText.csv(trend).lines()).hasSize(2);
  }

  @Test
  void tellsWhichMetricsTheNewestLacks() throws Exception {
    // given
    Batch newest = tree.batch(NIGHTLY, 1);

    // when
    Trend trend = read(List.of("ttft_ms_p99", "output_tokens_per_s_per_user"));

    // then
    assertThat(trend.metrics()).containsExactly("ttft_ms_p99");
    assertThat(trend.lines()).hasSize(1);
    assertThat(trend.leftOut())
        .containsExactly(
            "output_tokens_per_s_per_user: " + newest.id() + " has no values, or they may be 0");

    // when
    Trend none = read(List.of("output_tokens_per_s_per_user"));

    // then
    assertThat(none.lines()).isEmpty();
    assertThat(none.leftOut()).hasSize(1);
  }

  @Test
  void readsTheNewestBatchesUpToALimitOfRuns() throws Exception {
    // given
    tree.batch(NIGHTLY, 1);
    Batch older = tree.batch(NIGHTLY, 1);
    Batch newest = tree.batch(NIGHTLY, 1);
    TrendReader reader = new TrendReader(tree.finder(), List.of(), 10);

    // when
    Trend trend = reader.ofMostRuns(3).read(List.of("nightly"));

    // then
    assertThat(trend.lines()).extracting(Trend.Line::batch).containsExactly(newest.id());
    assertThat(trend.leftOut())
        .containsExactly(
            older.folder()
                + " and 1 older: not read; at most 3 runs are read for a page, and `caravan trend`"
                + " reads all");

    // when: the newest alone has more
    Trend none = reader.ofMostRuns(1).read(List.of("nightly"));

    // then
    assertThat(none.lines()).isEmpty();
    assertThat(none.leftOut()).singleElement().asString().contains("and 2 older: not read");
    assertThat(new TrendPage().html(none)).contains("and 2 older: not read");
  }

  @Test
  void countsOnlyTheRunsOfFinishedBatches() throws Exception {
    // given
    Batch finished = tree.batch(NIGHTLY, 1);
    Batch open = tree.open(NIGHTLY);

    // when
    Trend trend =
        new TrendReader(tree.finder(), List.of(), 10).ofMostRuns(3).read(List.of("nightly"));

    // then
    assertThat(trend.lines()).extracting(Trend.Line::batch).containsExactly(finished.id());
    assertThat(trend.leftOut()).containsExactly(open.id() + ": it has not finished");
  }

  @Test
  void tellsWhenThereIsNothing() {
    assertThatThrownBy(() -> read(List.of())).hasMessageContaining("no finished batch");
  }

  @Test
  void marksWhereBatchesBecomeAnotherThing() throws Exception {
    // given
    tree.batch(NIGHTLY, 1);
    tree.batch(NIGHTLY, 1);
    tree.batch(NIGHTLY + "vary_prompts: true\n", 1);
    tree.batch(NIGHTLY + "vary_prompts: true\n", 2);

    // when
    Trend trend = read(List.of());

    // then
    assertThat(trend.lines())
        .extracting(Trend.Line::changed)
        .containsExactly("", "", "vary_prompts false → true", "");
    assertThat(TrendText.table(trend, 80).lines())
        .hasSize(5)
        .element(2)
        .isEqualTo("-- vary_prompts false → true");
    assertThat(TrendStretch.of(trend.lines())).hasSize(2);
  }

  @Test
  void comparesVersionsWithTheLastKnownOne() {
    assertThat(changes("0.13.0", "", "0.13.0", "", "", "0.14.0", "0.14.0", ""))
        .containsExactly("", "", "", "", "", "aiperf 0.13.0 → 0.14.0", "", "");
    assertThat(changes("", "0.13.0", "0.14.0")).containsExactly("", "", "aiperf 0.13.0 → 0.14.0");
  }

  private static List<String> changes(String... versions) {
    TrendBreaks breaks = new TrendBreaks();
    return Arrays.stream(versions)
        .map(version -> version.isEmpty() ? Map.<String, String>of() : Map.of("aiperf", version))
        .map(
            client ->
                SampleSides.with(
                    SampleSides.batch("nightly/1", 3, 1), run -> SampleSides.on(run, client)))
        .map(batch -> breaks.next(ComparedSide.of(batch)))
        .toList();
  }

  private Trend read(List<String> metrics) throws IOException {
    return new TrendReader(tree.finder(), metrics, 10).read(List.of("nightly"));
  }
}
