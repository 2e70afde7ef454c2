package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that was in back-off when the former process ended remains so. */
class BackOffAfterRestartTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String THREE = "concurrency: [1, 2, 3]";
  private static final String SLOW = "retry: {attempts: 3, backoff: 1m}\n";

  private final DispatchHarness harness = new DispatchHarness(4);

  @Test
  void startsOtherRunsBeforeItIsDue() {
    // given
    harness.crashedBefore("a/concurrency1", MINUTE).open(batch("a", 1, THREE, SLOW));
    // then
    assertThat(harness.release()).containsExactly("a/concurrency2");
    assertThat(harness.pass(MINUTE).ended("a/concurrency2").release())
        .containsExactly("a/concurrency1");
    assertThat(harness.ended("a/concurrency1").release()).containsExactly("a/concurrency3");
    assertThat(harness.ended("a/concurrency3").release()).isEmpty();
  }

  @Test
  void holdsNoOtherBatchOfItsTarget() {
    // given
    harness
        .crashedBefore("a/concurrency1", MINUTE)
        .open(batch("a", 1, "concurrency: [1]", SLOW), batch("b", 2, "concurrency: [1]", SLOW));
    // then
    assertThat(harness.release()).containsExactly("b/concurrency1");
  }

  @Test
  void isToldAsARetry() {
    // given
    OffsetDateTime before = OffsetDateTime.now();
    harness
        .crashedBefore("a/concurrency1", MINUTE)
        .crashedBefore("a/concurrency2", MINUTE.dividedBy(2))
        .open(batch("a", 1, "concurrency: [1, 2]", SLOW));
    // when
    assertThat(harness.release()).isEmpty();
    List<DaemonStatus.Retry> retries = harness.dispatch.status().retries();
    // then
    assertThat(retries).singleElement();
    assertThat(retries.get(0).runIndex()).isEqualTo(1);
    assertThat(retries.get(0).why()).isEqualTo("crashed");
    assertThat(OffsetDateTime.parse(retries.get(0).at()))
        .isBetween(before.plusSeconds(29), before.plusSeconds(55));
  }

  @Test
  void startsAtOnceWhenItHasBecomeDueMeanwhile() {
    // given
    harness.crashedBefore("a/concurrency1", MINUTE.negated()).open(batch("a", 1, THREE, SLOW));
    // then
    assertThat(harness.runToTheEnd())
        .containsExactly("a/concurrency1", "a/concurrency2", "a/concurrency3");
  }

  @Test
  void waitsNoLongerThanItsBackOffWhenTheClockWasSetBack() {
    // given
    harness
        .crashedBefore("a/concurrency1", Duration.ofDays(400_000))
        .open(batch("a", 1, "concurrency: [1]", SLOW));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.pass(MINUTE.minusSeconds(1)).release()).isEmpty();
    assertThat(harness.pass(Duration.ofSeconds(1)).release()).containsExactly("a/concurrency1");
  }

  @Test
  void startsNoLaterVariantBeforeIt() {
    // given
    String variants = "variants: {a: {url: \"http://x\"}, b: {url: \"http://y\"}}\n" + SLOW;
    harness
        .crashedBefore("v/a__concurrency1", MINUTE)
        .open(batch("v", 1, "concurrency: [1]", variants));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.pass(MINUTE).release()).containsExactly("v/a__concurrency1");
    assertThat(harness.ended("v/a__concurrency1").release()).containsExactly("v/b__concurrency1");
  }

  @Test
  void startsNoLaterVariantBeforeItWhileAnotherBatchHasItsTarget() {
    // given
    String variants = "variants: {a: {url: \"http://x\"}, b: {url: \"http://y\"}}\n" + SLOW;
    harness
        .crashedBefore("v/a__concurrency1", MINUTE)
        .open(
            batch("first", 1, "url: ['http://x'], concurrency: [1, 2]"),
            batch("v", 2, "concurrency: [1]", variants));
    // then
    assertThat(harness.release()).containsExactly("first/concurrency1_urlhttp%3A%2F%2Fx");
    assertThat(harness.release()).isEmpty();
  }

  @Test
  void isEndedAtOnceWhenItsBatchIsCancelled(@TempDir Path folder) throws IOException {
    // given
    Batch batch = stored(folder);
    harness.crashedBefore("a/concurrency1", MINUTE).open(batch).release();
    // when
    harness.dispatch.changeControl(
        batch, control -> control.withCancellation(new Control.Order("ann", "enough")));
    // then
    assertThat(harness.ended("a/concurrency2").release())
        .singleElement()
        .asString()
        .startsWith("a/concurrency1 cancelled");
  }

  @Test
  void startsAtOnceWhenAUserRetriesItOfACancelledBatch(@TempDir Path folder) throws IOException {
    // given
    Batch batch = stored(folder);
    harness.open(batch);
    Control.Order ann = new Control.Order("ann", "enough");
    harness.dispatch.changeControl(batch, control -> control.withCancellation(ann));
    harness.crashedBefore("a/concurrency1", MINUTE);
    // when
    harness.dispatch.rerun(batch, Set.of(0), ann);
    // then
    assertThat(harness.release()).containsExactly("a/concurrency1");
  }

  private static Batch stored(Path folder) {
    Batch planned = batch("a", 1, THREE, SLOW);
    return new Batch(folder, planned.record(), planned.config(), planned.sweep());
  }
}
