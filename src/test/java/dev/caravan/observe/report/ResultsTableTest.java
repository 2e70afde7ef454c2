package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.outcome.Rows;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTableTest {

  private static final List<String> KEYS = List.of("concurrency", "prompt_input_tokens_mean");

  private static final List<ResultRow> ROWS =
      List.of(
          Rows.recorded(0, sweep(1L, 100L), "succeeded"),
          Rows.recorded(1, sweep(4L, 100L), "half_failed"),
          Rows.recorded(2, sweep(16L, 100L), "unauthorized"),
          Rows.recorded(3, sweep(64L, 1000L), "refused"),
          Rows.recorded(4, sweep(128L, 1000L), "degraded_export"));

  @Test
  void showsRecordedResultsOfAiperf() {
    assertThat(new ResultsTable(KEYS, 100, false).text(ROWS))
        .isEqualTo(
            """
            concurrency  prompt_input_  outcome     req/s    TTFT    TTFT     ITL  latency  tokens/s   n  errors
                           tokens_mean                     avg ms  p99 ms  avg ms   p99 ms
                      1            100  succeeded    41.4    93.3   ~98.1    0.00    ~98.1       331  84       0
                      4            100  degraded !   21.1    92.7   ~98.1    0.00    ~98.1       168  44      44
                     16            100  FAILED      401 Unauthorized: Incorrect API key provided. (2×)
                     64           1000  FAILED      all 2 requests failed: connection refused (2×)
                    128           1000  FAILED      aiperf exited 1 though it wrote a summary: DEGRADED: 1 resu…
            ~ too few requests for this percentile; a p99 needs 368
            """);
  }

  @Test
  void keepsThreeDigitsOfSlowServices(@TempDir Path folder) throws IOException {
    // given: requests of ten minutes
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "concurrency: [1, 8]", "");
    tree.succeeded(batch.run(0), 0.0167, 50);
    tree.succeeded(batch.run(1), 0.12, 50);
    tree.summarise(batch, true);

    // when
    List<String> lines =
        new ResultsTable(List.of("concurrency"), 100, false)
            .text(ResultsCsv.read(batch.folder().resolve("results.csv")).orElseThrow().rows())
            .lines()
            .toList();

    // then
    assertThat(lines.get(2)).startsWith("          1  succeeded  0.00167 ").contains(" 0.0167 ");
    assertThat(lines.get(3)).startsWith("          8  succeeded  0.01200 ").contains(" 0.1200 ");
  }

  @Test
  void tellsVariantsAndRepeats() {
    // given
    List<ResultRow> rows =
        List.of(
            Rows.at(new Place("before", "p", 1), ROWS.get(0)),
            Rows.at(new Place("after", "p", 2), ROWS.get(1)));
    // when
    List<String> lines = new ResultsTable(KEYS, 100, false).text(rows).lines().toList();
    // then
    assertThat(lines.get(0)).startsWith("concurrency  prompt_input_  variant  repeat  outcome");
    assertThat(lines.get(2)).startsWith("          1            100  before        1  succeeded");
    assertThat(lines.get(3)).startsWith("          4            100  after         2  degraded !");
    assertThat(new ResultsTable(KEYS, 40, false).text(rows).lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 40, 41, 60, 79, 80, 100, 120, 200})
  void isNeverWiderThanTheTerminal(int width) {
    assertThat(new ResultsTable(KEYS, width, false).text(ROWS).lines())
        .allSatisfy(
            line ->
                assertThat(line.codePointCount(0, line.length()))
                    .isLessThanOrEqualTo(Math.max(40, width)));
  }

  @Test
  void keepsThroughputTailLatencyAndErrorsLongest() {
    // when
    String head = new ResultsTable(KEYS, 80, false).text(ROWS).lines().findFirst().orElseThrow();
    // then
    assertThat(head).contains("req/s", "TTFT", "tokens/s", "  n  ", "errors").doesNotContain("ITL");
  }

  @Test
  void showsOnEightyColumnsThatThereAreNoErrorsAndOfHowManyRequestsAPercentileIs() {
    // given
    List<ResultRow> clean = ROWS.subList(0, 1);
    // then
    for (int width : new int[] {80, 100, 120, 200}) {
      assertThat(new ResultsTable(KEYS, width, false).text(clean).lines().findFirst())
          .hasValueSatisfying(head -> assertThat(head).contains("  n  ", "errors"));
    }
  }

  @Test
  void leavesOutColumnsWithoutValues() {
    assertThat(new ResultsTable(KEYS, 200, false).text(ROWS.subList(2, 4)))
        .doesNotContain("req/s", "errors")
        .contains(
            "FAILED   all 2 requests failed: 401 Unauthorized: Incorrect API key provided. (2×)");
  }

  @Test
  void showsTheCauseWhenThereIsNoReason() {
    assertThat(
            new ResultsTable(List.of(), 80, false)
                .text(List.of(Rows.withoutMetrics(0, Outcome.FAILED, "all_requests_failed"))))
        .isEqualTo("outcome\nFAILED   all requests failed\n");
  }

  @Test
  void distinguishesFailedRunsFromCancelledOnes() {
    assertThat(
            new ResultsTable(List.of(), 80, false)
                .text(
                    List.of(
                        Rows.withoutMetrics(0, Outcome.CANCELLED, "", "stopped after 3.0 s"),
                        Rows.withoutMetrics(1, Outcome.TIMED_OUT, "", "too long"))))
        .isEqualTo("outcome\ncancelled  stopped after 3.0 s\nTIMED OUT  too long\n");
  }

  @Test
  void showsAttemptsOnlyWhenARunHadMoreThanOne() {
    // given
    ResultRow once = Rows.withoutMetrics(0, Outcome.FAILED, "crashed", "why");
    ResultRow twice =
        new ResultRow(
            1,
            "run1",
            Place.UNKNOWN,
            List.of(),
            Outcome.FAILED,
            "crashed",
            "why",
            2,
            List.of(),
            once.metrics(),
            "",
            once.startedAt());
    // then
    assertThat(new ResultsTable(List.of(), 80, false).text(List.of(once)))
        .isEqualTo("outcome\nFAILED   why\n");
    assertThat(new ResultsTable(List.of(), 80, false).text(List.of(once, twice)))
        .isEqualTo("outcome  attempt\nFAILED    1 of 1  why\nFAILED    2 of 2  why\n");
    assertThat(new ResultsTable(List.of(), 80, false, 3).text(List.of(once, twice)))
        .isEqualTo("outcome  attempt\nFAILED    1 of 3  why\nFAILED    2 of 3  why\n");
  }

  @Test
  void printsNoControlCharacters() {
    // given
    ResultRow row = Rows.recorded(0, sweep("a\u001b[2J\u202eb", "c\nd"), "unauthorized");
    // when
    String text = new ResultsTable(KEYS, 100, false).text(List.of(row));
    // then
    assertThat(text).contains("ab").contains("c d").doesNotContain("\u001b", "\u202e");
    assertThat(text.lines()).hasSize(3);
  }

  @Test
  void usesColourOnlyWhenRequested() {
    assertThat(new ResultsTable(KEYS, 100, false).text(ROWS)).doesNotContain("\u001b");
    assertThat(new ResultsTable(KEYS, 100, true).text(ROWS).lines().toList())
        .satisfies(
            lines -> {
              assertThat(lines.get(2)).doesNotContain("\u001b");
              assertThat(lines.get(3)).startsWith("\u001b[33m").endsWith("\u001b[0m");
              assertThat(lines.get(4)).startsWith("\u001b[31m").endsWith("\u001b[0m");
            });
  }

  @Test
  void showsOnlyHeadersWithoutRows() {
    assertThat(new ResultsTable(KEYS, 80, false).text(List.of()).lines()).hasSize(2);
  }

  private static Map<String, Object> sweep(Object concurrency, Object isl) {
    Map<String, Object> sweep = new LinkedHashMap<>();
    sweep.put("concurrency", concurrency);
    sweep.put("prompt_input_tokens_mean", isl);
    return sweep;
  }

  @Test
  void showsFindingsUnderTheirRunAndNotesAtTheEnd() {
    // given
    Finding cache =
        new Finding("cache", Level.WARNING, 61.7, 10, "61.7 of 100 prompt tokens …", "a: b");
    Finding samples = new Finding("samples", Level.NOTE, 40, 368, "40 requests are too few", "");
    List<ResultRow> rows =
        List.of(
            Rows.checked(0, sweep(1L, 100L), "succeeded", found(cache, samples)),
            Rows.checked(1, sweep(4L, 100L), "succeeded", found(samples)));
    // then
    assertThat(new ResultsTable(KEYS, 80, false).text(rows))
        .isEqualTo(
            """
            concurrency  prompt_input_  outcome    req/s    TTFT  tokens/s   n  errors
                           tokens_mean                    p99 ms
                      1            100  succeeded   41.4   ~98.1       331  84       0
              ! cache: 61.7 of 100 prompt tokens …
                      4            100  succeeded   41.4   ~98.1       331  84       0
            ! cache in 1 of 2 runs; advice: a: b
            Notes: samples in 2 of 2 runs; see docs/checks.md
            ~ too few requests for this percentile; a p99 needs 368
            """);
  }

  @Test
  void countsFindingsAmongTheRunsThatHaveNumbers() {
    // given: as a report counts them
    Finding samples = new Finding("samples", Level.NOTE, 40, 368, "too few", "");
    Finding replies = new Finding("replies", Level.INVALID, 100, 90, "canned", "");
    List<ResultRow> rows =
        List.of(
            Rows.checked(0, sweep(1L, 100L), "succeeded", found(samples)),
            Rows.checked(1, sweep(2L, 100L), "half_failed", CheckResults.NONE),
            Rows.checked(2, sweep(4L, 100L), "succeeded", found(samples, replies)),
            Rows.checked(3, sweep(8L, 100L), "all_failed_500", CheckResults.NONE));
    // then
    assertThat(new ResultsTable(KEYS, 80, false).text(rows)).contains("samples in 2 of 3 runs");
  }

  @Test
  void showsWhyANumberMeansNothingOnce() {
    // given
    Finding replies = new Finding("replies", Level.INVALID, 99, 90, "389 of 389 have 9 tokens", "");
    ResultRow row = Rows.checked(0, sweep(1L, 100L), "succeeded", found(replies));
    // when
    String text = new ResultsTable(KEYS, 100, false).text(List.of(row));
    // then
    assertThat(text).containsOnlyOnce("389 of 389").contains("INVALID  replies: 389 of 389");
    assertThat(text).contains("x replies; advice: checks: {replies: warning}");
  }

  @Test
  void isNoWiderThanTheTerminalWithFindings() {
    // given
    Finding wide = new Finding("tokens", Level.WARNING, 1, 1, "many words ".repeat(30), "");
    Finding solid = new Finding("x".repeat(300), Level.DEGRADED, 1, 1, "y".repeat(300), "");
    ResultRow row = Rows.checked(0, sweep(1L, 100L), "succeeded", found(wide, solid));
    // then
    assertThat(new ResultsTable(KEYS, 60, false).text(List.of(row)).lines())
        .allSatisfy(line -> assertThat(line.codePointCount(0, line.length())).isLessThan(61));
  }

  @Test
  void hasNoFootOfABatchInWhichNothingWasFound() {
    assertThat(new ResultsTable(KEYS, 40, false).text(ROWS.subList(2, 4)).lines()).hasSize(4);
  }

  private static CheckResults found(Finding... findings) {
    return new CheckResults(List.of(findings), List.of("cache"), Map.of(), Map.of());
  }
}
