package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When report.html is written, and the JUnit file. */
class BatchReportsTest {

  private final AtomicLong now = new AtomicLong();
  private SampleTree tree;
  private Batch batch;
  private Path report;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
    batch = tree.batch("b", "concurrency: [1, 2, 4]", "");
    tree.succeeded(batch.run(0), 100, 50);
    report = batch.folder().resolve("report.html");
  }

  @Test
  void writesOncePerIntervalAndAtTheEnd() throws IOException {
    // given
    BatchReports reports = reports(new DurableFiles(), Duration.ofSeconds(60));

    // when, then
    reports.changed(new PipelineChange.ResultsChanged(batch, false));
    assertThat(report).doesNotExist();
    now.addAndGet(Duration.ofSeconds(60).toNanos());
    reports.changed(new PipelineChange.ResultsChanged(batch, false));
    assertThat(report).exists();
    Files.delete(report);
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    reports.changed(new PipelineChange.ResultsChanged(batch, false));
    assertThat(report).doesNotExist();
    reports.changed(new PipelineChange.ResultsChanged(batch, true));
    assertThat(report).exists();
  }

  @Test
  void usesAtMostOneHundredthOfTheTime() {
    // given: the clock advances two seconds per call, so a report takes that long
    BatchReports reports =
        new BatchReports(
            new DurableFiles(),
            tree.home().batches,
            Duration.ofSeconds(60),
            () -> now.addAndGet(Duration.ofSeconds(2).toNanos()));
    reports.changed(new PipelineChange.ResultsChanged(batch, false));
    now.addAndGet(Duration.ofSeconds(60).toNanos());
    reports.changed(new PipelineChange.ResultsChanged(batch, false));
    assertThat(report.toFile().delete()).isTrue();

    // when, then
    now.addAndGet(Duration.ofSeconds(150).toNanos());
    reports.changed(new PipelineChange.ResultsChanged(batch, false));
    assertThat(report).doesNotExist();
    now.addAndGet(Duration.ofSeconds(60).toNanos());
    reports.changed(new PipelineChange.ResultsChanged(batch, false));
    assertThat(report).exists();
  }

  @Test
  void writesNothingWhenTheIntervalIsZero() {
    reports(new DurableFiles(), Duration.ZERO)
        .changed(new PipelineChange.ResultsChanged(batch, true));

    assertThat(report).doesNotExist();
  }

  @Test
  void doesNotDisturbTheBatchWhenTheDiskIsFull() {
    DurableFiles full =
        new DurableFiles() {
          @Override
          public void writeWhole(Path file, byte[] content) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    reports(full, Duration.ofSeconds(60)).changed(new PipelineChange.ResultsChanged(batch, true));

    assertThat(report).doesNotExist();
  }

  @Test
  void writesOneJunitTestCasePerRun() throws IOException {
    // given
    tree.ended(batch.run(1), Outcome.FAILED, "crashed", "a < b & \u0001 \"c\"");
    tree.ended(batch.run(2), Outcome.DEGRADED, "", "2 of 3 failed");
    tree.export(batch.run(2), 10, 10);
    ReportData data = new Reporter(new BatchReader()).overview(List.of(batch.folder()));

    // when
    String lenient = new String(JunitReport.xml(data, FailOn.FAILED), StandardCharsets.UTF_8);
    String strict = new String(JunitReport.xml(data, FailOn.DEGRADED), StandardCharsets.UTF_8);

    // then
    assertThat(lenient)
        .contains("tests=\"3\" failures=\"1\" skipped=\"0\"")
        .contains("name=\"concurrency2\" time=\"10.0\"><failure type=\"crashed\"")
        .contains("a &lt; b &amp;  &quot;c&quot;".replace("  ", " "))
        .contains("<system-out>degraded: 2 of 3 failed</system-out>");
    assertThat(strict).contains("failures=\"2\"");
  }

  @Test
  void writesFindingsIntoJunitTestCases() throws IOException {
    // given
    Finding cache = new Finding("cache", Level.WARNING, 61.7, 10, "61.7 of 100 …", "a: b");
    tree.checked(
        batch.run(0),
        Outcome.SUCCEEDED,
        new CheckResults(List.of(cache), List.of("cache"), Map.of(), Map.of()),
        10,
        10);
    tree.ended(batch.run(1), Outcome.INVALID, "replies", "replies: 389 of 389 have 9 tokens");
    ReportData data = new Reporter(new BatchReader()).overview(List.of(batch.folder()));

    // when
    String lenient = new String(JunitReport.xml(data, FailOn.FAILED), StandardCharsets.UTF_8);
    String strict = new String(JunitReport.xml(data, FailOn.WARNING), StandardCharsets.UTF_8);

    // then
    assertThat(lenient)
        .contains("failures=\"1\"")
        .contains("<failure type=\"replies\" message=\"invalid: replies: 389 of 389")
        .contains("<system-out>warning cache: 61.7 of 100 …; advice: a: b</system-out>");
    assertThat(strict)
        .contains("failures=\"2\"")
        .contains("<failure type=\"cache\" message=\"warning cache: 61.7 of 100 …");
  }

  private BatchReports reports(DurableFiles files, Duration interval) {
    return new BatchReports(files, tree.home().batches, interval, now::get);
  }
}
