package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.Plans.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
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
  void leavesATargetAloneForTheIntervalAndThenTriesTheSameRun() {
    // given
    Bench bench = new Bench(1).open(ONE_TARGET);
    bench.release();
    // when
    bench.notReady("a/concurrency1");
    // then
    assertThat(bench.release()).isEmpty();
    bench.pass(Bench.INTERVAL.minusNanos(1));
    assertThat(bench.release()).isEmpty();
    bench.pass(Duration.ofNanos(1));
    assertThat(bench.release()).containsExactly("a/concurrency1");
    assertThat(bench.said).contains("parked a http://h:8000: is not ready: connection refused");
  }

  @Test
  void worksOnOtherTargetsMeanwhile() {
    // given
    Bench bench = new Bench(1).open(TWO_TARGETS);
    bench.release();
    // when
    bench.notReady(X1);
    // then
    assertThat(bench.release()).containsExactly(Y1);
    bench.ended(Y1);
    assertThat(bench.release()).containsExactly(Y2);
    bench.ended(Y2);
    assertThat(bench.release()).isEmpty();
  }

  @Test
  void keepsOtherBatchesFromAParkedTargetAndTheirOrder() {
    // given
    Bench bench = new Bench(4).open(ONE_TARGET, batch("b", 2, "concurrency: [9]"));
    bench.release();
    // when
    bench.notReady("a/concurrency1");
    // then
    assertThat(bench.release()).isEmpty();
    bench.pass(Bench.INTERVAL);
    assertThat(bench.release()).containsExactly("a/concurrency1");
  }

  @Test
  void endsAllThatIsLeftOnTheTargetTogetherWhenPatienceIsOver() {
    // given
    Bench bench = new Bench(1).open(TWO_TARGETS);
    bench.release();
    bench.notReady(X1).release();
    bench.ended(Y1).release();
    bench.ended(Y2);
    // when
    bench.pass(Bench.PATIENCE);
    bench.release();
    bench.notReady(X1);
    // then
    String reason = "not ready for 1m: connection refused";
    assertThat(bench.said).contains("gave up a http://x:80: " + reason);
    assertThat(bench.runToTheEnd())
        .containsExactly(X1 + " unhealthy: " + reason, X2 + " unhealthy: " + reason);
  }

  @Test
  void givesEveryBatchItsOwnPatience() {
    // given
    Bench bench = new Bench(1).open(ONE_TARGET, batch("b", 2, "concurrency: [9]"));
    bench.release();
    bench.notReady("a/concurrency1");
    bench.pass(Bench.PATIENCE);
    bench.release();
    bench.notReady("a/concurrency1");
    // when
    List<String> ended = bench.runToTheEnd();
    bench.pass(Duration.ofMillis(7500)); // The second pause of this outage.
    // then
    assertThat(ended).hasSize(3).allMatch(id -> id.contains("unhealthy"));
    assertThat(bench.release()).containsExactly("b/concurrency9");
  }

  @Test
  void startsPatienceAnewWhenTheTargetAnswered() {
    // given
    Bench bench = new Bench(1).open(ONE_TARGET);
    bench.release();
    bench.notReady("a/concurrency1");
    bench.pass(Bench.PATIENCE.minusSeconds(1));
    bench.release();
    bench.ended("a/concurrency1").release();
    // when
    bench.pass(Duration.ofSeconds(10));
    bench.notReady("a/concurrency2");
    bench.pass(Bench.INTERVAL);
    // then
    assertThat(bench.release()).containsExactly("a/concurrency2");
    assertThat(bench.said).noneMatch(line -> line.startsWith("gave up"));
  }

  @Test
  void asksOnceMoreWhenPatienceEndsRatherThanOnePauseLater() {
    // given
    Bench bench = new Bench(1).open(ONE_TARGET);
    bench.release();
    bench.notReady("a/concurrency1");
    bench.pass(Bench.PATIENCE.minusSeconds(1));
    bench.release();
    // when
    bench.notReady("a/concurrency1").pass(Duration.ofSeconds(1));
    // then
    assertThat(bench.release()).containsExactly("a/concurrency1");
    bench.notReady("a/concurrency1");
    assertThat(bench.said).anyMatch(line -> line.startsWith("gave up"));
  }

  @Test
  void waitsOutAnOutageThatIsShorterThanThePatience() {
    // given
    Bench bench = new Bench(1).open(ONE_TARGET);
    bench.release();
    // when
    for (double seconds : new double[] {5, 7.5, 11.25, 16.875}) {
      bench.notReady("a/concurrency1");
      bench.pass(Duration.ofNanos((long) (seconds * 1e9)));
      assertThat(bench.release()).containsExactly("a/concurrency1");
    }
    bench.ended("a/concurrency1");
    // then
    assertThat(bench.runToTheEnd()).containsExactly("a/concurrency2", "a/concurrency3");
  }

  @Test
  void leavesATargetAloneForLongerEachTimeUntilItAnswers() {
    // given
    Bench bench = new Bench(1).open(ONE_TARGET);
    bench.release();
    bench.notReady("a/concurrency1");
    bench.pass(Bench.INTERVAL);
    bench.release();
    // when
    bench.notReady("a/concurrency1");
    bench.pass(Bench.INTERVAL);
    // then
    assertThat(bench.release()).isEmpty();
    bench.pass(Duration.ofMillis(2500));
    assertThat(bench.release()).containsExactly("a/concurrency1");
    bench.ended("a/concurrency1").release();
    bench.notReady("a/concurrency2");
    bench.pass(Bench.INTERVAL);
    assertThat(bench.release()).containsExactly("a/concurrency2");
  }

  @Test
  void leavesATargetAloneThatWasLostInTheMiddleOfARun() {
    // given
    Bench bench = new Bench(1).open(ONE_TARGET);
    bench.release();
    // when
    bench.targetLost("a/concurrency1");
    // then
    assertThat(bench.release()).isEmpty();
    bench.pass(Bench.INTERVAL);
    assertThat(bench.release()).containsExactly("a/concurrency1");
    assertThat(bench.said).contains("parked a http://h:8000: was lost: connection reset");
    bench.targetLost("a/concurrency1").pass(Bench.INTERVAL);
    assertThat(bench.release()).isEmpty();
  }

  @Test
  void asksABitEarlierOrLaterThanTheInterval() {
    // given
    Bench bench = new Bench(1).open(ONE_TARGET);
    bench.chance = 0;
    bench.release();
    // when
    bench.notReady("a/concurrency1");
    bench.pass(Duration.ofMillis(4499));
    // then
    assertThat(bench.release()).isEmpty();
    bench.pass(Duration.ofMillis(1));
    assertThat(bench.release()).containsExactly("a/concurrency1");
  }

  @Test
  void goesByTheWaitAndTheIntervalOfTheConfig() {
    // given
    Batch batch = batch("a", 1, "concurrency: [1]", "readiness: {interval: 2s, wait: 3s}\n");
    Bench bench = new Bench(1).open(batch);
    bench.release();
    // when
    bench.notReady("a/concurrency1");
    bench.pass(Duration.ofSeconds(2));
    // then
    assertThat(bench.release()).containsExactly("a/concurrency1");
    bench.pass(Duration.ofSeconds(1));
    bench.notReady("a/concurrency1");
    assertThat(bench.said)
        .contains("gave up a http://h:8000: not ready for 3s: connection refused");
  }
}
