package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DispatchTest {

  private static final String TWO = "concurrency: [1, 2]";
  private static final String ON_X = "url: ['http://x'], " + TWO;
  private static final String ON_Y = "url: ['http://y'], " + TWO;

  @Test
  void releasesOneRunPerTargetAtATime() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("a", 1, "concurrency: [1, 2, 3]"));
    // then
    assertThat(harness.release()).containsExactly("a/concurrency1");
    assertThat(harness.release()).isEmpty();
    harness.ended("a/concurrency1");
    assertThat(harness.release()).containsExactly("a/concurrency2");
    assertThat(harness.release()).isEmpty();
  }

  @Test
  void sendsOrdersThatNameTheRunAndItsBatch() {
    // given
    Batch batch = batch("a", 1, TWO);
    DispatchHarness harness = new DispatchHarness(1).open(batch);
    // when
    RunOrder order = harness.dispatch.release().get(0);
    // then
    assertThat(order).isEqualTo(RunOrder.execute("a/concurrency1", batch.folder().toString(), 0));
  }

  @Test
  void finishesABatchBeforeTheNextOneOnTheSameTarget() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("a", 1, TWO), batch("b", 2, TWO));
    // then
    assertThat(harness.runToTheEnd())
        .containsExactly("a/concurrency1", "a/concurrency2", "b/concurrency1", "b/concurrency2");
  }

  @Test
  void servesBatchesInOrderOfAcceptanceNotOfOpening() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4).open(batch("c", 3, TWO), batch("a", 1, TWO), batch("b", 2, TWO));
    // then
    assertThat(harness.runToTheEnd())
        .extracting(id -> id.substring(0, 1))
        .containsExactly("a", "a", "b", "b", "c", "c");
  }

  @Test
  void servesHigherPriorityFirstThenEarlierAcceptance() {
    // given
    DispatchHarness harness =
        new DispatchHarness(1)
            .open(
                batch("usual", 1, "concurrency: [1, 2]"),
                batch("late", 4, "concurrency: [1]", "priority: 7\n"),
                batch("early", 3, "concurrency: [1]", "priority: 7\n"),
                batch("low", 2, "concurrency: [1]", "priority: 0\n"));
    // then
    assertThat(harness.runToTheEnd())
        .containsExactly(
            "early/concurrency1",
            "late/concurrency1",
            "usual/concurrency1",
            "usual/concurrency2",
            "low/concurrency1");
  }

  @Test
  void servesAnEarlierBatchFirstThoughItIsOpenedLater() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("b", 2, TWO));
    harness.release();
    // when
    harness.open(batch("a", 1, TWO)).ended("b/concurrency1");
    // then
    assertThat(harness.release()).containsExactly("a/concurrency1");
  }

  @Test
  void worksOnSeveralTargetsAtOnce() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("a", 1, ON_X), batch("b", 2, ON_Y));
    // then
    assertThat(harness.release())
        .containsExactly("a/concurrency1_urlhttp%3A%2F%2Fx", "b/concurrency1_urlhttp%3A%2F%2Fy");
  }

  @Test
  void keepsThePlaceOfABatchThatWaitsForAFullPool() {
    // given
    DispatchHarness harness =
        new DispatchHarness(1)
            .open(
                batch("a", 1, "url: ['http://x']", "worker: {pool: gpu}\n"),
                batch("b", 2, "concurrency: [1]", "worker: {pool: gpu}\n"),
                batch("c", 3, "concurrency: [1]"));
    // then
    String elsewhere = "a/urlhttp%3A%2F%2Fx";
    assertThat(harness.release()).containsExactly(elsewhere);
    assertThat(harness.release()).isEmpty();
    assertThat(harness.ended(elsewhere).release()).containsExactly("b/concurrency1");
    assertThat(harness.ended("b/concurrency1").release()).containsExactly("c/concurrency1");
  }

  @Test
  void keepsNoPlaceForAPoolThatNobodyServes() {
    // given
    DispatchHarness harness =
        new DispatchHarness(pool -> pool.equals("gpu") ? 0 : 1)
            .open(
                batch("a", 1, "concurrency: [1]", "worker: {pool: gpu}\n"),
                batch("b", 2, "concurrency: [1]"));
    // then
    assertThat(harness.release()).containsExactly("b/concurrency1");
  }

  @Test
  void releasesNoMoreRunsThanWorkers() {
    // given
    DispatchHarness harness =
        new DispatchHarness(2)
            .open(batch("a", 1, "url: ['http://x', 'http://y', 'http://z', 'http://w']"));
    // then
    assertThat(harness.release()).hasSize(2);
    assertThat(harness.release()).isEmpty();
    harness.ended("a/urlhttp%3A%2F%2Fy");
    assertThat(harness.release()).containsExactly("a/urlhttp%3A%2F%2Fz");
  }

  @Test
  void givesASingleWorkerToTheEarlierBatchOnAnyTarget() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, ON_X), batch("b", 2, ON_Y));
    // then
    assertThat(harness.runToTheEnd())
        .extracting(id -> id.substring(0, 1))
        .containsExactly("a", "a", "b", "b");
  }

  @Test
  void splitsABatchOverItsUrls() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4).open(batch("a", 1, "url: ['http://x', 'http://y'], " + TWO));
    // when
    List<String> first = harness.release();
    harness.ended("a/concurrency1_urlhttp%3A%2F%2Fy");
    // then
    assertThat(first)
        .containsExactly("a/concurrency1_urlhttp%3A%2F%2Fx", "a/concurrency1_urlhttp%3A%2F%2Fy");
    assertThat(harness.release()).containsExactly("a/concurrency2_urlhttp%3A%2F%2Fy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost:8000", "http://[::1]:8000/v1", "HTTP://LocalHost:8000/x"})
  void treatsAllNamesOfThisMachineAsOneTarget(String other) {
    // given
    DispatchHarness harness =
        new DispatchHarness(4)
            .open(batch("a", 1, "url: ['http://127.0.0.1:8000', '" + other + "']"));
    // then
    assertThat(harness.release()).hasSize(1);
    assertThat(harness.runToTheEnd()).isEmpty();
  }

  @Test
  void treatsOtherPortsAndSchemesAsOtherTargets() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4)
            .open(batch("a", 1, "url: ['http://h', 'http://h:80/v1', 'https://h', 'http://h:81']"));
    // then
    assertThat(harness.release()).hasSize(3);
  }

  @Test
  void skipsRunsThatAreAlreadyDone() {
    // given
    DispatchHarness harness = new DispatchHarness(1);
    harness.done.addAll(List.of("a/concurrency1", "a/concurrency3"));
    harness.open(batch("a", 1, "concurrency: [1, 2, 3, 4]"));
    // then
    assertThat(harness.runToTheEnd()).containsExactly("a/concurrency2", "a/concurrency4");
  }

  @Test
  void closesABatchWhoseRunsAreAllDone() {
    // given
    DispatchHarness harness = new DispatchHarness(1);
    harness.done.addAll(List.of("a/concurrency1", "a/concurrency2"));
    harness.open(batch("a", 1, TWO));
    // when
    List<String> released = harness.release();
    harness.open(batch("a", 1, TWO));
    // then: it was closed, so it can be opened again
    assertThat(released).isEmpty();
    assertThat(harness.notifications).containsExactly("opened a", "opened a");
  }

  @Test
  void opensABatchOnce() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("a", 1, TWO), batch("a", 1, TWO));
    // then
    assertThat(harness.notifications).containsExactly("opened a");
    assertThat(harness.runToTheEnd()).hasSize(2);
  }

  @Test
  void releasesNothingWhileTheGateIsClosed() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, TWO));
    harness.gateClosed = Optional.of("aiperf is not installed");
    // then
    assertThat(harness.release()).isEmpty();
    harness.gateClosed = Optional.empty();
    assertThat(harness.release()).containsExactly("a/concurrency1");
  }

  @Test
  void releasesNothingOnceItIsHeld() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, TWO));
    // when
    harness.dispatch.hold();
    // then
    assertThat(harness.release()).isEmpty();
  }

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

  @Test
  void dispatchesAHundredThousandRunsInConstantMemory() throws Exception {
    // given
    String many = "concurrency: " + list(100) + ", random_seed: " + list(100);
    Batch batch = batch("a", 1, many + ", warmup_request_count: " + list(10));
    DispatchHarness harness = new DispatchHarness(1).open(batch);
    // when
    long before = usedMemory();
    int released = 0;
    for (List<RunOrder> now = harness.dispatch.release(); !now.isEmpty(); released++) {
      RunOrder order = now.get(0);
      assertThat(order.runIndex()).isEqualTo(released);
      harness.dispatch.recorded(RunReport.on(order, Kind.ENDED, ""));
      now = harness.dispatch.release();
    }
    // then
    assertThat(released).isEqualTo(100_000).isEqualTo(batch.size());
    assertThat(usedMemory() - before).isLessThan(4 << 20);
  }

  private static String list(int size) {
    return java.util.stream.IntStream.rangeClosed(1, size).boxed().toList().toString();
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
