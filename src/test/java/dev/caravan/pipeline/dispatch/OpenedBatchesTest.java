package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Batches are opened once and closed at their end; their runs are released as orders. */
class OpenedBatchesTest {

  private static final String TWO = "concurrency: [1, 2]";

  @Test
  void opensABatchOnce() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("a", 1, TWO), batch("a", 1, TWO));
    // then
    assertThat(harness.notifications).containsExactly("opened a");
    assertThat(harness.runToTheEnd()).hasSize(2);
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
    return IntStream.rangeClosed(1, size).boxed().toList().toString();
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
