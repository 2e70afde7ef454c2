package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownReportTest {

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
  }

  @Test
  void foldsRowsAfterTheTwelfth() throws IOException {
    // given
    String values =
        IntStream.rangeClosed(1, 20).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    Batch batch = tree.batch("b", "concurrency: [" + values + "]", "");
    for (int run = 0; run < 20; run++) {
      tree.succeeded(batch.run(run), 100 + run, 50);
    }

    // when
    String text = text(List.of(), batch);

    // then
    String before = text.substring(0, text.indexOf("<details>"));
    assertThat(before.lines().filter(line -> line.startsWith("| "))).hasSize(2 + 12);
    assertThat(text).contains("<details><summary>8 more rows</summary>").contains("| 20 | 119 |");
    assertThat(text.lines().findFirst().orElseThrow())
        .contains("20 of 20 runs completed")
        .contains("aiperf 0.13.0");
  }

  @Test
  void staysWithinGitHubsLimit() throws IOException {
    // given
    String values =
        IntStream.rangeClosed(1, 900).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    Batch batch = tree.batch("b", "concurrency: [" + values + "]", "");
    for (int run = 0; run < 900; run++) {
      tree.ended(batch.run(run), Outcome.FAILED, "crashed", "w".repeat(300));
    }

    // when
    String text = text(List.of(), batch);

    // then
    assertThat(text.length()).isBetween(20_000, MarkdownReport.MAX_LENGTH);
    assertThat(text).contains("rows omitted");
  }

  @Test
  void marksFailedAndDegradedRunsWithTheirReason() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "");
    tree.ended(batch.run(0), Outcome.FAILED, "crashed", "a | b @someone <b>*bold*");
    tree.ended(batch.run(1), Outcome.DEGRADED, "", "2 failed");
    tree.export(batch.run(1), 100, 50);

    // when
    String text = text(List.of(), batch);

    // then
    assertThat(text)
        .contains("| ⚠ 1 | failed: a \\| b &#64;someone &#60;b&#62;\\*bold\\* |")
        .contains("| ⚠ 2 (degraded: 2 failed) | 100 |")
        .contains("1 degraded, 1 failed");
  }

  @Test
  void showsBatchesSideBySideWithTheirChange() throws IOException {
    // given
    Batch one = tree.batch("one", "concurrency: [1, 2]", "");
    Batch two = tree.batch("two", "concurrency: [2, 4]", "");
    tree.succeeded(one.run(0), 100, 50);
    tree.succeeded(one.run(1), 200, 60);
    tree.succeeded(two.run(0), 250, 66);
    tree.ended(two.run(1), Outcome.FAILED, "crashed", "it broke");

    // when
    String text = text(List.of(ReportMetric.TOKENS, ReportMetric.TTFT_P99), one, two);

    // then
    assertThat(text)
        .contains("| concurrency | A Output tokens/s | B Output tokens/s | Δ % | A TTFT p99 (ms) |")
        .contains("| 1 | 100 | — |  | 50 | — |  |")
        .contains("| 2 | 200 | 250 | +25.0 ✓ | 60 | 66 | +10.0 ✗ |")
        .contains("| ⚠ 4 | — | failed |  | — | failed |  |");
  }

  @Test
  void saysWhatTheChecksFoundAboveAndInItsTable() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4]", "");
    Finding cache = new Finding("cache", Level.WARNING, 61, 10, "61 of 100 tokens", "a: `b`");
    Finding burst = new Finding("burst", Level.NOTE, 2, 1.5, "a burst", "");
    CheckResults found =
        new CheckResults(
            List.of(cache, burst),
            List.of("cache", "burst"),
            Map.of(),
            Map.of(Statistic.TTFT_P99_LOW, 48.0, Statistic.TTFT_P99_HIGH, 55.5));
    tree.checked(batch.run(0), Outcome.SUCCEEDED, found, 100, 50);
    tree.ended(batch.run(1), Outcome.INVALID, "replies", "replies: 9 tokens");
    tree.succeeded(batch.run(2), 300, 80);

    // when
    String text = text(List.of(ReportMetric.TTFT_P99), batch);

    // then
    assertThat(text)
        .contains("- ⚠ **cache** in 1 of 2 runs (concurrency 1): 61 of 100 tokens. Try `a: 'b'`")
        .contains("- Notes: burst in 1 of 2 runs")
        .contains("- Not checked: 1 of 2 runs")
        .contains("| ⚠ 1 (cache) | 50 \\[48, 55.5\\] |")
        .contains("| ⚠ 2 | invalid: replies: 9 tokens |")
        .contains("| 4 | 80 |");
  }

  private static String text(List<ReportMetric> metrics, Batch... batches) throws IOException {
    List<Path> folders =
        IntStream.range(0, batches.length).mapToObj(i -> batches[i].folder()).toList();
    return new MarkdownReport(new Reporter(new BatchReader()).overview(folders), metrics).text();
  }
}
