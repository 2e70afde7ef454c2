package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of runs in batches with variants, exclusions and pauses. */
class RunOrderingTest {

  private static final String TWO = "concurrency: [1, 2]";
  private static final String AB =
      "variants: {a: {url: \"http://x\"}, b: {url: \"http://y\"}}\nrepeat: 2\n";

  @Test
  void runsVariantsOneAtATimeWhateverTheirTargets() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("v", 1, TWO, AB));
    // when
    assertThat(harness.release()).containsExactly("v/a__concurrency1");
    assertThat(harness.release()).isEmpty();
    harness.ended("v/a__concurrency1");
    // then
    assertThat(harness.runToTheEnd())
        .containsExactly(
            "v/a__concurrency2",
            "v/b__concurrency1",
            "v/b__concurrency2",
            "v/b__concurrency2__r2",
            "v/b__concurrency1__r2",
            "v/a__concurrency2__r2",
            "v/a__concurrency1__r2");
  }

  @Test
  void startsNoVariantBeforeTheRetryOfTheRunBeforeIt() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("v", 1, "concurrency: [1]", AB));
    harness.release();
    // when
    harness.report(retry("v/a__concurrency1", harness, 10));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.pass(Duration.ofSeconds(11)).release()).containsExactly("v/a__concurrency1");
    assertThat(harness.ended("v/a__concurrency1").release()).containsExactly("v/b__concurrency1");
  }

  @Test
  void startsNoRunOfTheSameServiceBeforeTheRetryOfTheRunBeforeIt() {
    // given
    String one = AB.replace("http://y", "http://x");
    DispatchHarness harness = new DispatchHarness(4).open(batch("v", 1, TWO, one));
    harness.release();
    // when
    harness.report(retry("v/a__concurrency1", harness, 10));
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.pass(Duration.ofSeconds(11)).release()).containsExactly("v/a__concurrency1");
  }

  @Test
  void keepsTheTargetOfTheNextVariantWhileAnotherRuns() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4)
            .open(
                batch("v", 1, "concurrency: [1]", AB),
                batch("later", 2, "url: ['http://y'], concurrency: [1]"));
    // then
    assertThat(harness.release()).containsExactly("v/a__concurrency1");
    assertThat(harness.ended("v/a__concurrency1").release()).containsExactly("v/b__concurrency1");
  }

  @Test
  void holdsNoOtherTargetWhileAVariantsServiceIsDown() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4)
            .open(
                batch("v", 1, "concurrency: [1]", AB),
                batch("later", 2, "url: ['http://y'], concurrency: [1]"));
    harness.release();
    // when
    harness.notReady("v/a__concurrency1");
    // then
    assertThat(harness.release()).containsExactly("later/concurrency1_urlhttp%3A%2F%2Fy");
  }

  @Test
  void continuesVariantsAfterARestart() {
    // given
    DispatchHarness harness = new DispatchHarness(4);
    harness.done.add("v/a__concurrency1");
    harness.done.add("v/a__concurrency2");
    // when
    harness.open(batch("v", 1, TWO, AB));
    // then
    assertThat(harness.runToTheEnd()).hasSize(6).startsWith("v/b__concurrency1");
  }

  @Test
  void neverReleasesWhatIsExcluded() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4)
            .open(
                batch("e", 1, TWO, "exclude: [{concurrency: 2}]\nrepeat: 2\n"),
                batch("next", 2, "concurrency: [1]"));
    // then
    assertThat(harness.runToTheEnd())
        .containsExactly("e/concurrency1", "e/concurrency1__r2", "next/concurrency1");
  }

  @Test
  void pausesAfterEachRunWithItsTargetReserved() {
    // given
    DispatchHarness harness =
        new DispatchHarness(4)
            .open(batch("c", 1, TWO, "cool_down: 30s\n"), batch("next", 2, "concurrency: [1]"));
    harness.release();
    // when
    harness.ended("c/concurrency1");
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.pass(Duration.ofSeconds(29)).release()).isEmpty();
    assertThat(harness.pass(Duration.ofSeconds(1)).release()).containsExactly("c/concurrency2");
    assertThat(harness.ended("c/concurrency2").release()).containsExactly("next/concurrency1");
  }

  @Test
  void doesNotPauseAfterARunThatWasNotExecuted() {
    // given
    DispatchHarness harness = new DispatchHarness(4).open(batch("c", 1, TWO, "cool_down: 30m\n"));
    harness.release();
    // when
    harness.report("c/concurrency1", Kind.STOPPED, "");
    // then
    assertThat(harness.release()).containsExactly("c/concurrency1");
  }

  @Test
  void doesNotPauseAfterRunsThatAreOnlyEnded() {
    // given: a target that stays down beyond the patience
    DispatchHarness harness = new DispatchHarness(4).open(batch("c", 1, TWO, "cool_down: 30m\n"));
    harness.release();
    harness.notReady("c/concurrency1");
    harness.pass(DispatchHarness.INTERVAL).release();
    harness.pass(DispatchHarness.PATIENCE.plusSeconds(1)).notReady("c/concurrency1");
    // then
    assertThat(harness.release()).singleElement().asString().startsWith("c/concurrency1 unhealthy");
    harness.ended("c/concurrency1");
    assertThat(harness.release()).singleElement().asString().startsWith("c/concurrency2 unhealthy");
  }

  @Test
  void endsCancelledRunsWithoutAPause(@TempDir Path folder) throws IOException {
    // given
    Batch planned = batch("c", 1, TWO, "cool_down: 30m\n");
    Batch batch = new Batch(folder, planned.record(), planned.config(), planned.sweep());
    DispatchHarness harness = new DispatchHarness(4).open(batch);
    harness.release();
    harness.report(retry("c/concurrency1", harness, 60));
    // when
    harness.dispatch.changeControl(
        batch, control -> control.withCancellation(new Control.Order("ann", "enough")));
    // then
    assertThat(harness.release()).singleElement().asString().startsWith("c/concurrency1 cancelled");
  }

  /** All of its runs were cancelled before they started; these are to be executed after all. */
  private static DispatchHarness retriedOfACancelled(Path folder, String rules, int... indexes)
      throws IOException {
    Batch planned = batch("v", 1, TWO, rules);
    Batch batch = new Batch(folder, planned.record(), planned.config(), planned.sweep());
    DispatchHarness harness = new DispatchHarness(4).open(batch);
    Control.Order ann = new Control.Order("ann", "");
    harness.dispatch.changeControl(batch, control -> control.withCancellation(ann));
    assertThat(harness.release()).isEmpty();
    harness.dispatch.rerun(batch, IntStream.of(indexes).boxed().collect(toSet()), ann);
    return harness;
  }

  @Test
  void retriesVariantsOfACancelledBatchOneAtATimeWhateverTheirTargets(@TempDir Path folder)
      throws IOException {
    // given
    DispatchHarness harness = retriedOfACancelled(folder, AB, 1, 2);
    // then
    assertThat(harness.release()).containsExactly("v/a__concurrency2");
    assertThat(harness.release()).isEmpty();
    assertThat(harness.ended("v/a__concurrency2").release()).containsExactly("v/b__concurrency1");
  }

  @Test
  void pausesBetweenRetriedRunsOfACancelledBatch(@TempDir Path folder) throws IOException {
    // given
    DispatchHarness harness = retriedOfACancelled(folder, "cool_down: 30s\n", 0, 1);
    harness.release();
    // when
    harness.ended("v/concurrency1");
    // then
    assertThat(harness.release()).isEmpty();
    assertThat(harness.pass(Duration.ofSeconds(30)).release()).containsExactly("v/concurrency2");
  }

  private static RunReport retry(String runId, DispatchHarness harness, int seconds) {
    RunReport report = RunReport.on(harness.order(runId), Kind.RETRY, "crashed");
    return new RunReport(
        report.schema(),
        runId,
        report.batchFolder(),
        report.runIndex(),
        Kind.RETRY,
        "crashed",
        "failed",
        "crashed",
        seconds * 1000L,
        Scope.RUN);
  }
}
