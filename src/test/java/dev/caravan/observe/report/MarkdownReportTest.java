package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.Verdict;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.observe.report.ComparisonResult.Side;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import dev.caravan.observe.report.ComparisonResult.Value;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
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
  void namesTheMetricsThatHaveNoPlace() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "");
    tree.succeeded(batch.run(0), 100, 50);
    List<ReportMetric> nine = List.of(ReportMetric.values()).subList(0, 9);

    // when
    String text = text(nine, batch);

    // then
    assertThat(text)
        .contains("| concurrency | Requests | ")
        .endsWith("\nNot shown, because a table has at most 8 columns: TTFT p50, TTFT p90\n");
    assertThat(text(nine.subList(0, 7), batch)).doesNotContain("Not shown");
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
  void showsTheComparisonOfSeveralBatches() throws IOException {
    // given
    Batch one = tree.batch("one", "concurrency: [1, 2]", "");
    Batch two = tree.batch("two", "concurrency: [1, 2]", "");
    Row row =
        new Row(
            "output_tokens_per_s",
            "Output tokens/s",
            "tokens/s",
            "concurrency 2",
            false,
            new Value(3, OptionalDouble.of(200), OptionalDouble.of(50), false),
            new Value(5, OptionalDouble.of(180), OptionalDouble.of(50), true),
            OptionalDouble.of(-0.1),
            OptionalDouble.of(-0.12),
            OptionalDouble.of(-0.08),
            OptionalDouble.of(0.0001),
            0.05,
            0.01,
            Kind.WORSE);
    ComparisonResult result =
        new ComparisonResult(
            Verdict.FAIL,
            "FAIL two/2: output tokens/s −10.0 % at concurrency 2 vs. one/1",
            new Side("one/1", List.of("one/1"), 6),
            new Side("two/2", List.of("two/2"), 10),
            List.of(row),
            List.of(new Unlike("osl", "10 tokens", "12 tokens", true)),
            List.of(),
            List.of("concurrency 4"),
            List.of(""),
            List.of("A note."));
    ReportData data =
        new Reporter(new BatchReader())
            .overview(List.of(one.folder(), two.folder()))
            .with(List.of(result));

    // when
    String text = new MarkdownReport(data, List.of()).text();

    // then
    assertThat(text)
        .contains("**A** **one/")
        .contains("\n**FAIL** two/2: output tokens/s −10.0 % at concurrency 2 vs. one/1\n")
        .contains(
            "| concurrency 2 | Output tokens/s | 200 | \\~180 | 3/5 | −10.0 % |"
                + " \\[−12.0 %, −8.0 %\\] | &#60; 0.001 | ⚠ worse |")
        .contains("- Unlike: osl: 10 tokens / 12 tokens (allowed).")
        .contains("- Only in one/1: concurrency 4.")
        .contains("- Only in two/2: its only point.")
        .contains("- A note.")
        .doesNotContain("✓", "✗");
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
        .contains(
            "- ⚠ **cache** in 1 of 3 runs (concurrency 1): 61 of 100 tokens. Advice: `a:" + " 'b'`")
        .contains("- Notes: burst in 1 of 3 runs")
        .contains("- Not checked: 2 of 3 runs")
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
