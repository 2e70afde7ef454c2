package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import org.junit.jupiter.api.Test;

/** What is released after a report, also if it is late or comes twice. */
class DispatchReportsTest {

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
