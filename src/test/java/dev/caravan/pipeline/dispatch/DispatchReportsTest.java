package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is released after a report, also if it is late or comes twice. */
class DispatchReportsTest {

  private static final Duration PAUSE = Duration.ofSeconds(8);
  private static final String TWO = "concurrency: [1, 2]";

  @Test
  void releasesAStoppedRunAgainFirst() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, TWO));
    harness.release();
    // when
    harness.report("a/concurrency1", Kind.STOPPED, "stopping");
    // then
    assertThat(harness.runToTheEnd()).containsExactly("a/concurrency1", "a/concurrency2");
  }

  @Test
  void triesOneRunOfABatchThatCannotBeRecordedWhileOthersGoOn() {
    // given: two batches on one target
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, TWO), batch("b", 2, TWO));
    harness.release();
    // when
    harness.report(unrecorded(harness.order("a/concurrency1")));
    // then
    assertThat(harness.dispatch.status().held())
        .extracting(DaemonStatus.Held::batch, DaemonStatus.Held::message)
        .containsExactly(tuple("a", "permission denied"));
    assertThat(harness.runToTheEnd()).containsExactly("b/concurrency1", "b/concurrency2");
    // when
    harness.pass(PAUSE);
    // then
    assertThat(harness.release()).containsExactly("a/concurrency1");
    harness.ended("a/concurrency1");
    assertThat(harness.dispatch.status().held()).isEmpty();
    assertThat(harness.runToTheEnd()).containsExactly("a/concurrency2");
  }

  @Test
  void holdsTheRunsOnTheOtherTargetsOfABatchThatCannotBeRecorded() {
    // given
    String sweeps = "url: ['http://x', 'http://y'], " + TWO;
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, sweeps));
    List<String> first = harness.release();
    // when
    harness.report(unrecorded(harness.order(first.get(0))));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.pass(PAUSE).release()).isEqualTo(first);
  }

  @Test
  void waitsAlsoWithTheEndOfACancelledRunThatCannotBeRecorded(@TempDir Path folder)
      throws Exception {
    // given
    Batch planned = batch("a", 1, TWO);
    Batch batch = new Batch(folder, planned.record(), planned.config(), planned.sweep());
    DispatchHarness harness = new DispatchHarness(1).open(batch);
    String running = harness.release().get(0);
    harness.dispatch.changeControl(
        batch, control -> control.withCancellation(new Control.Order("ann", "x")));
    // when
    harness.report(unrecorded(harness.order(running)));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.pass(PAUSE).release())
        .containsExactly(running + " cancelled: cancelled by ann: x");
  }

  /** A report on a run of a batch whose folder cannot be written. */
  private static RunReport unrecorded(RunOrder order) {
    RunReport on = RunReport.on(order, Kind.RETRY, "permission denied");
    return new RunReport(
        on.schema(),
        on.runId(),
        on.batchFolder(),
        on.runIndex(),
        Kind.RETRY,
        on.message(),
        "failed",
        "lost",
        PAUSE.toMillis(),
        RunReport.Scope.BATCH);
  }

  @Test
  void continuesAfterAnInternalError() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, TWO));
    harness.release();
    // when
    harness.report("a/concurrency1", Kind.INTERNAL_ERROR, "disk full");
    // then
    assertThat(harness.runToTheEnd()).containsExactly("a/concurrency2");
  }

  @Test
  void ignoresReportsOnBatchesThatAreNotOpen() throws Exception {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, TWO));
    harness.release();
    // when
    harness.dispatch.recorded(
        RunReport.on(RunOrder.execute("b/x", "/nowhere/b", 0), Kind.ENDED, ""));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.ended("a/concurrency1").release()).hasSize(1);
  }

  @Test
  void countsARepeatedReportOnce() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, "concurrency: [1, 2, 3]"));
    harness.release();
    // when: the queue delivers the report twice
    harness.ended("a/concurrency1").ended("a/concurrency1");
    // then
    assertThat(harness.runToTheEnd()).containsExactly("a/concurrency2", "a/concurrency3");
  }

  @Test
  void neverReleasesASecondRunBecauseOfALateReport() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, "concurrency: [1, 2, 3]"));
    harness.release();
    harness.ended("a/concurrency1").release();
    // when
    harness.ended("a/concurrency1").notReady("a/concurrency1");
    // then
    assertThat(harness.release()).isEmpty();
    harness.ended("a/concurrency2");
    assertThat(harness.release()).containsExactly("a/concurrency3");
  }
}
