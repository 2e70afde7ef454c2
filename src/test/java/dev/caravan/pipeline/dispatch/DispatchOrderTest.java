package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which batch is served next, and what keeps its place. */
class DispatchOrderTest {

  private static final String TWO = "concurrency: [1, 2]";
  private static final String ON_X = "url: ['http://x'], " + TWO;
  private static final String ON_Y = "url: ['http://y'], " + TWO;

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
  void givesASingleWorkerToTheEarlierBatchOnAnyTarget() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(batch("a", 1, ON_X), batch("b", 2, ON_Y));
    // then
    assertThat(harness.runToTheEnd())
        .extracting(id -> id.substring(0, 1))
        .containsExactly("a", "a", "b", "b");
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
}
