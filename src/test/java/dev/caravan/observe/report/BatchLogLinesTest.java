package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Evaluation;
import dev.caravan.config.ExecutionSections;
import dev.caravan.config.FixedRules;
import dev.caravan.config.RunMatrix;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.BatchResults;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.Rows;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.testing.InMemoryBatches;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchLogLinesTest {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-24T14:02:54+01:00");

  @Test
  void logsTheStartOfASweepLikeRunAiperf() {
    // given
    Batch batch = InMemoryBatches.batch("night", 1, "concurrency: [1, 2], model: [a]");
    // then
    assertThat(new BatchLogLines(batch, "results/night/t").opening())
        .containsExactly(
            "Running AIPerf with configuration: night.yaml",
            "Results root directory: results/night/t",
            "Sweeping parameters: {'concurrency': [1, 2], 'model': ['a']}",
            "Running 2 benchmarks");
  }

  @Test
  void logsTheStartOfASingleRunLikeRunAiperf() {
    // given
    Batch sweep = InMemoryBatches.batch("night", 1, "concurrency: [1]");
    BenchmarkConfig config =
        new BenchmarkConfig(
            "night",
            "results",
            sweep.config().base(),
            RunMatrix.SINGLE,
            Map.of(),
            ExecutionSections.DEFAULTS,
            Evaluation.NONE,
            List.of());
    Batch batch = new Batch(sweep.folder(), sweep.record(), config, new Sweep(config));
    // then
    assertThat(new BatchLogLines(batch, "results/night/t").opening())
        .containsExactly(
            "Running AIPerf with configuration: night.yaml",
            "Results root directory: results/night/t",
            "Sweeping parameters: None",
            "Running AIPerf with configuration: night.yaml",
            "Output directory: results/night/t");
  }

  @Test
  void countsRepeatsOfASinglePointAsRunsAndSaysThatPromptsVary() {
    // given
    BenchmarkConfig config = FixedRules.read(FixedRules.BASE + "repeat: 3\n");
    // then
    assertThat(BatchLogLines.opening(config, "night.yaml", "results/night/t"))
        .containsExactly(
            "Running AIPerf with configuration: night.yaml",
            "Results root directory: results/night/t",
            "Sweeping parameters: None",
            "Running 3 benchmarks",
            "Prompts vary: each run and attempt sends its own (vary_prompts)");
  }

  @Test
  void endsWithCountsAndListsUnusualOutcomesOnlyWhenPresent() {
    // then
    assertThat(
            BatchLogLines.closing(
                summary(
                    2,
                    Rows.withoutMetrics(0, Outcome.SUCCEEDED, ""),
                    Rows.withoutMetrics(1, Outcome.FAILED, "crashed"))))
        .containsExactly("SUMMARY", "Total runs : 2", "Completed  : 1", "Failed     : 1");
    assertThat(
            BatchLogLines.closing(
                summary(
                    9,
                    Rows.withoutMetrics(0, Outcome.SUCCEEDED, ""),
                    Rows.withoutMetrics(1, Outcome.DEGRADED, ""),
                    Rows.withoutMetrics(2, Outcome.TIMED_OUT, ""),
                    Rows.withoutMetrics(3, Outcome.UNHEALTHY, ""),
                    Rows.withoutMetrics(4, Outcome.CANCELLED, ""))))
        .containsExactly(
            "SUMMARY",
            "Total runs : 9",
            "Completed  : 2",
            "Failed     : 2",
            "Degraded   : 1 of the completed",
            "Cancelled  : 1",
            "Not done   : 4");
  }

  @Test
  void namesTheReportWhenThereIsOne(@TempDir Path folder) throws IOException {
    // given
    Batch batch = new SampleTree(folder).batch("b", "concurrency: [1]", "");
    BatchLogLines lines = new BatchLogLines(batch, "results/b/t");
    // then
    assertThat(lines.report()).isEmpty();
    SampleTree.write(batch.folder().resolve("report.html"), "<html>");
    assertThat(lines.report()).contains("Report     : results/b/t/report.html");
  }

  @Test
  void countsABatchAsFailedFromTheGivenOutcomeOn() {
    // given
    BatchSummary good = summary(1, Rows.withoutMetrics(0, Outcome.SUCCEEDED, ""));
    BatchSummary degraded = summary(1, Rows.withoutMetrics(0, Outcome.DEGRADED, ""));
    BatchSummary unhealthy = summary(1, Rows.withoutMetrics(0, Outcome.UNHEALTHY, ""));
    BatchSummary cancelled = summary(1, Rows.withoutMetrics(0, Outcome.CANCELLED, ""));
    // then
    assertThat(FailOn.DEGRADED.isFailure(good)).isFalse();
    assertThat(FailOn.FAILED.isFailure(degraded)).isFalse();
    assertThat(FailOn.DEGRADED.isFailure(degraded)).isTrue();
    assertThat(FailOn.FAILED.isFailure(unhealthy)).isTrue();
    assertThat(FailOn.DEGRADED.isFailure(cancelled)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"NOTE, false", "WARNING, true", "DEGRADED, true", "INVALID, true"})
  void failsOnAWarningIfAsked(Level level, boolean fails) {
    // given
    Finding finding = new Finding("cache", level, 61.7, 10, "61.7 of 100 …", "a: b");
    CheckResults checks = new CheckResults(List.of(finding), List.of("cache"), Map.of(), Map.of());
    ResultRow row = Rows.checked(0, Map.of(), "succeeded", checks);
    BatchSummary summary = summary(1, row);
    // then
    assertThat(FailOn.WARNING.isFailure(summary)).isEqualTo(fails);
    assertThat(FailOn.WARNING.isFailure(row)).isEqualTo(fails);
    assertThat(BatchLogLines.failure(summary, List.of(row), FailOn.WARNING))
        .startsWith((fails ? 1 : 0) + " of 1 runs failed, were degraded or have warnings; first: ")
        .matches(fails ? ".*cache: 61.7 of 100 …" : ".*first: ");
  }

  @Test
  void reportsTheNumberOfFailedRunsAndTheFirstReason() {
    // given
    ResultRow degraded = Rows.withoutMetrics(0, Outcome.DEGRADED, "", "3 of 9 requests failed");
    ResultRow failed = Rows.withoutMetrics(1, Outcome.FAILED, "crashed", "aiperf exited 9", "more");
    BatchSummary summary = summary(2, degraded, failed);
    // then
    assertThat(BatchLogLines.failure(summary, List.of(degraded, failed), FailOn.FAILED))
        .isEqualTo("1 of 2 runs failed; first: run1: aiperf exited 9");
    assertThat(BatchLogLines.failure(summary, List.of(degraded, failed), FailOn.DEGRADED))
        .isEqualTo("2 of 2 runs failed or were degraded; first: run0: 3 of 9 requests failed");
  }

  private static BatchSummary summary(int total, ResultRow... rows) {
    BatchResults results = Rows.noRows();
    List.of(rows).forEach(results::put);
    return BatchSummary.of("night/t", total, results, START, Optional.empty());
  }
}
