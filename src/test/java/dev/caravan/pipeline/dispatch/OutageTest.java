package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What dispatch does about targets that are not ready. */
class OutageTest {

  private static final Batch ONE_TARGET = batch("a", 1, "concurrency: [1, 2, 3]");
  private static final Batch TWO_TARGETS =
      batch("a", 1, "url: ['http://x', 'http://y'], concurrency: [1, 2]");
  private static final String X1 = "a/concurrency1_urlhttp%3A%2F%2Fx";
  private static final String X2 = "a/concurrency2_urlhttp%3A%2F%2Fx";
  private static final String Y1 = "a/concurrency1_urlhttp%3A%2F%2Fy";
  private static final String Y2 = "a/concurrency2_urlhttp%3A%2F%2Fy";

  @Test
  void parksATargetForTheIntervalAndThenReleasesTheSameRun() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(ONE_TARGET);
    harness.release();
    // when
    harness.notReady("a/concurrency1");
    // then
    assertThat(harness.release()).isEmpty();
    harness.pass(DispatchHarness.INTERVAL.minusNanos(1));
    assertThat(harness.release()).isEmpty();
    harness.pass(Duration.ofNanos(1));
    assertThat(harness.release()).containsExactly("a/concurrency1");
    assertThat(harness.notifications)
        .contains("parked a http://h:8000: is not ready: connection refused");
  }

  @Test
  void continuesOnOtherTargetsMeanwhile() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(TWO_TARGETS);
    harness.release();
    // when
    harness.notReady(X1);
    // then
    assertThat(harness.release()).containsExactly(Y1);
    harness.ended(Y1);
    assertThat(harness.release()).containsExactly(Y2);
    harness.ended(Y2);
    assertThat(harness.release()).isEmpty();
  }

  @Test
  void keepsLaterBatchesOffAParkedTarget() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4).open(ONE_TARGET, batch("b", 2, "concurrency: [9]"));
    harness.release();
    // when
    harness.notReady("a/concurrency1");
    // then
    assertThat(harness.release()).isEmpty();
    harness.pass(DispatchHarness.INTERVAL);
    assertThat(harness.release()).containsExactly("a/concurrency1");
  }

  @Test
  void endsAllRemainingRunsOnTheTargetAfterThePatience() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(TWO_TARGETS);
    harness.release();
    harness.notReady(X1).release();
    harness.ended(Y1).release();
    harness.ended(Y2);
    // when
    harness.pass(DispatchHarness.PATIENCE);
    harness.release();
    harness.notReady(X1);
    // then
    String reason = "not ready for 1m: connection refused";
    assertThat(harness.notifications).contains("gave up a http://x:80: " + reason);
    assertThat(harness.runToTheEnd())
        .containsExactly(X1 + " unhealthy: " + reason, X2 + " unhealthy: " + reason);
  }

  @Test
  void givesEveryBatchItsOwnPatience() {
    // given
    DispatchHarness harness =
        new DispatchHarness(1).open(ONE_TARGET, batch("b", 2, "concurrency: [9]"));
    harness.release();
    harness.notReady("a/concurrency1");
    harness.pass(DispatchHarness.PATIENCE);
    harness.release();
    harness.notReady("a/concurrency1");
    // when
    List<String> ended = harness.runToTheEnd();
    harness.pass(Duration.ofMillis(7500)); // the second pause of this outage
    // then
    assertThat(ended).hasSize(3).allMatch(id -> id.contains("unhealthy"));
    assertThat(harness.release()).containsExactly("b/concurrency9");
  }

  @Test
  void restartsThePatienceWhenTheTargetAnswers() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(ONE_TARGET);
    harness.release();
    harness.notReady("a/concurrency1");
    harness.pass(DispatchHarness.PATIENCE.minusSeconds(1));
    harness.release();
    harness.ended("a/concurrency1").release();
    // when
    harness.pass(Duration.ofSeconds(10));
    harness.notReady("a/concurrency2");
    harness.pass(DispatchHarness.INTERVAL);
    // then
    assertThat(harness.release()).containsExactly("a/concurrency2");
    assertThat(harness.notifications).noneMatch(line -> line.startsWith("gave up"));
  }

  @Test
  void checksOnceMoreWhenThePatienceEnds() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(ONE_TARGET);
    harness.release();
    harness.notReady("a/concurrency1");
    harness.pass(DispatchHarness.PATIENCE.minusSeconds(1));
    harness.release();
    // when
    harness.notReady("a/concurrency1").pass(Duration.ofSeconds(1));
    // then
    assertThat(harness.release()).containsExactly("a/concurrency1");
    harness.notReady("a/concurrency1");
    assertThat(harness.notifications).anyMatch(line -> line.startsWith("gave up"));
  }

  @Test
  void waitsOutAnOutageThatIsShorterThanThePatience() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(ONE_TARGET);
    harness.release();
    // when
    for (double seconds : new double[] {5, 7.5, 11.25, 16.875}) {
      harness.notReady("a/concurrency1");
      harness.pass(Duration.ofNanos((long) (seconds * 1e9)));
      assertThat(harness.release()).containsExactly("a/concurrency1");
    }
    harness.ended("a/concurrency1");
    // then
    assertThat(harness.runToTheEnd()).containsExactly("a/concurrency2", "a/concurrency3");
  }

  @Test
  void parksATargetForLongerEachTimeUntilItAnswers() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(ONE_TARGET);
    harness.release();
    harness.notReady("a/concurrency1");
    harness.pass(DispatchHarness.INTERVAL);
    harness.release();
    // when
    harness.notReady("a/concurrency1");
    harness.pass(DispatchHarness.INTERVAL);
    // then
    assertThat(harness.release()).isEmpty();
    harness.pass(Duration.ofMillis(2500));
    assertThat(harness.release()).containsExactly("a/concurrency1");
    harness.ended("a/concurrency1").release();
    harness.notReady("a/concurrency2");
    harness.pass(DispatchHarness.INTERVAL);
    assertThat(harness.release()).containsExactly("a/concurrency2");
  }

  @Test
  void parksATargetThatWasLostDuringARun() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(ONE_TARGET);
    harness.release();
    // when
    harness.targetLost("a/concurrency1");
    // then
    assertThat(harness.release()).isEmpty();
    harness.pass(DispatchHarness.INTERVAL);
    assertThat(harness.release()).containsExactly("a/concurrency1");
    assertThat(harness.notifications)
        .contains("parked a http://h:8000: was lost: connection reset");
    harness.targetLost("a/concurrency1").pass(DispatchHarness.INTERVAL);
    assertThat(harness.release()).isEmpty();
  }

  @Test
  void appliesJitterToTheInterval() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(ONE_TARGET);
    harness.random = 0;
    harness.release();
    // when
    harness.notReady("a/concurrency1");
    harness.pass(Duration.ofMillis(4499));
    // then
    assertThat(harness.release()).isEmpty();
    harness.pass(Duration.ofMillis(1));
    assertThat(harness.release()).containsExactly("a/concurrency1");
  }

  @Test
  void usesTheReadinessSectionOfTheConfig() {
    // given
    Batch batch = batch("a", 1, "concurrency: [1]", "readiness: {interval: 2s, wait: 3s}\n");
    DispatchHarness harness = new DispatchHarness(1).open(batch);
    harness.release();
    // when
    harness.notReady("a/concurrency1");
    harness.pass(Duration.ofSeconds(2));
    // then
    assertThat(harness.release()).containsExactly("a/concurrency1");
    harness.pass(Duration.ofSeconds(1));
    harness.notReady("a/concurrency1");
    assertThat(harness.notifications)
        .contains("gave up a http://h:8000: not ready for 3s: connection refused");
  }

  @Test
  void holdsOnlyTheBatchThatTheTargetRefuses() {
    // given
    DispatchHarness harness =
        new DispatchHarness(1).open(ONE_TARGET, batch("b", 2, "concurrency: [8, 9]"));
    harness.release();
    // when
    harness.report("a/concurrency1", Kind.REFUSED, "GET /v1/models returned 403");
    // then
    assertThat(harness.release()).containsExactly("b/concurrency8");
    harness.ended("b/concurrency8").pass(DispatchHarness.INTERVAL);
    assertThat(harness.release()).containsExactly("a/concurrency1");
    harness.ended("a/concurrency1");
    assertThat(harness.runToTheEnd())
        .containsExactly("a/concurrency2", "a/concurrency3", "b/concurrency9");
    assertThat(harness.notifications)
        .contains("parked a http://h:8000: refused the probe: GET /v1/models returned 403");
  }

  @Test
  void showsTheOwnReasonOfEachBatchThatIsHeld() {
    // given
    DispatchHarness harness =
        new DispatchHarness(1).open(ONE_TARGET, batch("b", 2, "concurrency: [9]"));
    harness.release();
    harness.report("a/concurrency1", Kind.REFUSED, "no key").release();
    // when
    harness.report("b/concurrency9", Kind.REFUSED, "no path");
    // then
    DaemonStatus status = harness.dispatch.status();
    assertThat(status.parked()).isEmpty();
    assertThat(status.held())
        .extracting(DaemonStatus.Held::batch, DaemonStatus.Held::message)
        .containsExactly(tuple("a", "no key"), tuple("b", "no path"));
    harness.pass(DispatchHarness.INTERVAL).release();
    harness.ended("a/concurrency1");
    assertThat(harness.dispatch.status().held())
        .extracting(DaemonStatus.Held::batch)
        .containsExactly("b");
  }

  @Test
  void endsTheRunsOfARefusedBatchAfterItsPatience() {
    // given
    DispatchHarness harness = new DispatchHarness(1).open(TWO_TARGETS);
    harness.release();
    harness.report(X1, Kind.REFUSED, "no key").release();
    harness.ended(Y1).pass(DispatchHarness.PATIENCE).release();
    // when
    harness.report(X1, Kind.REFUSED, "no key");
    // then
    assertThat(harness.runToTheEnd())
        .contains(
            X1 + " unhealthy: not ready for 1m: no key",
            X2 + " unhealthy: not ready for 1m: no key");
    assertThat(harness.dispatch.status().held()).isEmpty();
  }

  @Test
  void parksTheTargetWhenItGoesDownDuringAHold() {
    // given
    DispatchHarness harness =
        new DispatchHarness(1).open(ONE_TARGET, batch("b", 2, "concurrency: [9]"));
    harness.release();
    harness.report("a/concurrency1", Kind.REFUSED, "no key").pass(DispatchHarness.INTERVAL);
    harness.release();
    // when
    harness.notReady("a/concurrency1");
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.dispatch.status().held()).isEmpty();
    assertThat(harness.dispatch.status().parked()).hasSize(1);
  }
}
