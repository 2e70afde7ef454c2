package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.Plans.batch;
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
  void releasesOneRunOfATargetAtATime() {
    // given
    Bench bench = new Bench(4).open(batch("a", 1, "concurrency: [1, 2, 3]"));
    // then
    assertThat(bench.release()).containsExactly("a/concurrency1");
    assertThat(bench.release()).isEmpty();
    bench.ended("a/concurrency1");
    assertThat(bench.release()).containsExactly("a/concurrency2");
    assertThat(bench.release()).isEmpty();
  }

  @Test
  void sendsOrdersThatNameTheRunAndItsBatch() {
    // given
    Batch batch = batch("a", 1, TWO);
    Bench bench = new Bench(1).open(batch);
    // when
    RunOrder order = RunOrder.of(bench.dispatch.release().get(0));
    // then
    assertThat(order).isEqualTo(RunOrder.execute("a/concurrency1", batch.folder().toString(), 0));
  }

  @Test
  void endsABatchBeforeItStartsTheNextOnTheSameTarget() {
    // given
    Bench bench = new Bench(4).open(batch("a", 1, TWO), batch("b", 2, TWO));
    // then
    assertThat(bench.runToTheEnd())
        .containsExactly("a/concurrency1", "a/concurrency2", "b/concurrency1", "b/concurrency2");
  }

  @Test
  void goesByTheOrderOfAcceptanceNotOfOpening() {
    // given
    Bench bench = new Bench(4).open(batch("c", 3, TWO), batch("a", 1, TWO), batch("b", 2, TWO));
    // then
    assertThat(bench.runToTheEnd())
        .extracting(id -> id.substring(0, 1))
        .containsExactly("a", "a", "b", "b", "c", "c");
  }

  @Test
  void letsAHigherPriorityGoFirstAndTheEarlierOfTheSame() {
    // given
    Bench bench =
        new Bench(1)
            .open(
                batch("usual", 1, "concurrency: [1, 2]"),
                batch("late", 4, "concurrency: [1]", "priority: 7\n"),
                batch("early", 3, "concurrency: [1]", "priority: 7\n"),
                batch("low", 2, "concurrency: [1]", "priority: 0\n"));
    // then
    assertThat(bench.runToTheEnd())
        .containsExactly(
            "early/concurrency1",
            "late/concurrency1",
            "usual/concurrency1",
            "usual/concurrency2",
            "low/concurrency1");
  }

  @Test
  void letsAnEarlierBatchThatIsOpenedLaterGoFirst() {
    // given
    Bench bench = new Bench(4).open(batch("b", 2, TWO));
    bench.release();
    // when
    bench.open(batch("a", 1, TWO)).ended("b/concurrency1");
    // then
    assertThat(bench.release()).containsExactly("a/concurrency1");
  }

  @Test
  void worksOnSeveralTargetsAtOnce() {
    // given
    Bench bench = new Bench(4).open(batch("a", 1, ON_X), batch("b", 2, ON_Y));
    // then
    assertThat(bench.release())
        .containsExactly("a/concurrency1_urlhttp%3A%2F%2Fx", "b/concurrency1_urlhttp%3A%2F%2Fy");
  }

  @Test
  void keepsToTheNumberOfWorkers() {
    // given
    Bench bench =
        new Bench(2).open(batch("a", 1, "url: ['http://x', 'http://y', 'http://z', 'http://w']"));
    // then
    assertThat(bench.release()).hasSize(2);
    assertThat(bench.release()).isEmpty();
    bench.ended("a/urlhttp%3A%2F%2Fy");
    assertThat(bench.release()).containsExactly("a/urlhttp%3A%2F%2Fz");
  }

  @Test
  void givesTheSingleWorkerToTheEarlierBatchWhateverTheTarget() {
    // given
    Bench bench = new Bench(1).open(batch("a", 1, ON_X), batch("b", 2, ON_Y));
    // then
    assertThat(bench.runToTheEnd())
        .extracting(id -> id.substring(0, 1))
        .containsExactly("a", "a", "b", "b");
  }

  @Test
  void splitsABatchOverItsUrls() {
    // given
    Bench bench = new Bench(4).open(batch("a", 1, "url: ['http://x', 'http://y'], " + TWO));
    // when
    List<String> first = bench.release();
    bench.ended("a/concurrency1_urlhttp%3A%2F%2Fy");
    // then
    assertThat(first)
        .containsExactly("a/concurrency1_urlhttp%3A%2F%2Fx", "a/concurrency1_urlhttp%3A%2F%2Fy");
    assertThat(bench.release()).containsExactly("a/concurrency2_urlhttp%3A%2F%2Fy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost:8000", "http://[::1]:8000/v1", "HTTP://LocalHost:8000/x"})
  void takesAllNamesOfThisMachineForOneTarget(String other) {
    // given
    Bench bench =
        new Bench(4).open(batch("a", 1, "url: ['http://127.0.0.1:8000', '" + other + "']"));
    // then
    assertThat(bench.release()).hasSize(1);
    assertThat(bench.runToTheEnd()).isEmpty();
  }

  @Test
  void takesOtherPortsAndSchemesForOtherTargets() {
    // given
    Bench bench =
        new Bench(4)
            .open(batch("a", 1, "url: ['http://h', 'http://h:80/v1', 'https://h', 'http://h:81']"));
    // then
    assertThat(bench.release()).hasSize(3);
  }

  @Test
  void skipsWhatAnEarlierLifeDid() {
    // given
    Bench bench = new Bench(1);
    bench.doneBefore.addAll(List.of("a/concurrency1", "a/concurrency3"));
    bench.open(batch("a", 1, "concurrency: [1, 2, 3, 4]"));
    // then
    assertThat(bench.runToTheEnd()).containsExactly("a/concurrency2", "a/concurrency4");
  }

  @Test
  void closesABatchThatWasDoneInAnEarlierLife() {
    // given
    Bench bench = new Bench(1);
    bench.doneBefore.addAll(List.of("a/concurrency1", "a/concurrency2"));
    bench.open(batch("a", 1, TWO));
    // when
    List<String> released = bench.release();
    bench.open(batch("a", 1, TWO));
    // then: it was closed, so it can be opened anew
    assertThat(released).isEmpty();
    assertThat(bench.said).containsExactly("opened a", "opened a");
  }

  @Test
  void opensABatchOnce() {
    // given
    Bench bench = new Bench(4).open(batch("a", 1, TWO), batch("a", 1, TWO));
    // then
    assertThat(bench.said).containsExactly("opened a");
    assertThat(bench.runToTheEnd()).hasSize(2);
  }

  @Test
  void releasesNothingWhileTheGateIsClosed() {
    // given
    Bench bench = new Bench(1).open(batch("a", 1, TWO));
    bench.gate = Optional.of("aiperf is not installed");
    // then
    assertThat(bench.release()).isEmpty();
    bench.gate = Optional.empty();
    assertThat(bench.release()).containsExactly("a/concurrency1");
  }

  @Test
  void releasesNothingOnceItIsHeld() {
    // given
    Bench bench = new Bench(1).open(batch("a", 1, TWO));
    // when
    bench.dispatch.hold();
    // then
    assertThat(bench.release()).isEmpty();
  }

  @Test
  void givesAStoppedRunAnotherGoBeforeTheOthers() {
    // given
    Bench bench = new Bench(1).open(batch("a", 1, TWO));
    bench.release();
    // when
    bench.report("a/concurrency1", Kind.STOPPED, "told to stop");
    // then
    assertThat(bench.runToTheEnd()).containsExactly("a/concurrency1", "a/concurrency2");
  }

  @Test
  void goesOnAfterARunThatCaravanFailedOver() {
    // given
    Bench bench = new Bench(1).open(batch("a", 1, TWO));
    bench.release();
    // when
    bench.report("a/concurrency1", Kind.INTERNAL_ERROR, "disk full");
    // then
    assertThat(bench.runToTheEnd()).containsExactly("a/concurrency2");
  }

  @Test
  void passesOverReportsOnBatchesThatAreNotOpen() throws Exception {
    // given
    Bench bench = new Bench(1).open(batch("a", 1, TWO));
    bench.release();
    // when
    bench.dispatch.recorded(
        RunReport.on(RunOrder.execute("b/x", "/nowhere/b", 0), Kind.ENDED, "").json());
    // then
    assertThat(bench.release()).isEmpty();
    assertThat(bench.ended("a/concurrency1").release()).hasSize(1);
  }

  @Test
  void countsARunOnceHoweverOftenItIsReported() {
    // given
    Bench bench = new Bench(1).open(batch("a", 1, "concurrency: [1, 2, 3]"));
    bench.release();
    // when: the queue delivers the report twice
    bench.ended("a/concurrency1").ended("a/concurrency1");
    // then
    assertThat(bench.runToTheEnd()).containsExactly("a/concurrency2", "a/concurrency3");
  }

  @Test
  void neverReleasesASecondRunBecauseOfALateReport() {
    // given
    Bench bench = new Bench(1).open(batch("a", 1, "concurrency: [1, 2, 3]"));
    bench.release();
    bench.ended("a/concurrency1").release();
    // when
    bench.ended("a/concurrency1").notReady("a/concurrency1");
    // then
    assertThat(bench.release()).isEmpty();
    bench.ended("a/concurrency2");
    assertThat(bench.release()).containsExactly("a/concurrency3");
  }

  @Test
  void dispatchesAHundredThousandRunsInTheMemoryOfFew() throws Exception {
    // given
    String many = "concurrency: " + list(100) + ", random_seed: " + list(100);
    Batch batch = batch("a", 1, many + ", warmup_request_count: " + list(10));
    Bench bench = new Bench(1).open(batch);
    // when
    long before = usedMemory();
    int released = 0;
    for (List<String> now = bench.dispatch.release(); !now.isEmpty(); released++) {
      RunOrder order = RunOrder.of(now.get(0));
      assertThat(order.runIndex()).isEqualTo(released);
      bench.dispatch.recorded(RunReport.on(order, Kind.ENDED, "").json());
      now = bench.dispatch.release();
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
