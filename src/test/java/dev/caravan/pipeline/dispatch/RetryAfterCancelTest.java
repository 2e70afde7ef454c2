package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that was cancelled and whose runs were retried then is like any other. */
class RetryAfterCancelTest {

  private static final Control.Order ANN = new Control.Order("ann", "wrong image");
  private static final Control.Order BOB = new Control.Order("bob", "too hot");

  private final DispatchHarness harness = new DispatchHarness(4);
  private Batch batch;

  @BeforeEach
  void cancelAndRetry(@TempDir Path folder) throws IOException {
    Batch planned = batch("a", 1, "concurrency: [1, 2, 3]");
    batch = new Batch(folder, planned.record(), planned.config(), planned.sweep());
    harness.open(batch);
    harness.dispatch.changeControl(batch, control -> control.withCancellation(ANN));
    harness.dispatch.rerun(batch, Set.of(0, 1, 2), new Control.Order("ann", "", "retry"));
  }

  @Test
  void canBePaused() throws IOException {
    // given
    assertThat(harness.release()).containsExactly("a/concurrency1");
    // when
    harness.dispatch.changeControl(batch, control -> control.withPause(Optional.of(BOB)));
    // then
    assertThat(harness.ended("a/concurrency1").release()).isEmpty();
    harness.dispatch.changeControl(batch, control -> control.withPause(Optional.empty()));
    assertThat(harness.release()).containsExactly("a/concurrency2");
  }

  @Test
  void isPausedWithAllOthers() {
    // when
    harness.dispatch.apply(new HomeControl(1, BOB, Map.of()));
    // then
    assertThat(harness.release()).isEmpty();
  }

  @Test
  void isEndedDuringAPauseWhenItIsCancelledAgain() throws IOException {
    // given
    harness.dispatch.apply(new HomeControl(1, BOB, Map.of()));
    // when
    harness.dispatch.changeControl(batch, control -> control.withCancellation(BOB));
    // then
    assertThat(harness.release())
        .singleElement()
        .asString()
        .startsWith("a/concurrency1 cancelled: ")
        .contains("by bob: too hot");
  }

  @Test
  void endsAfterAFailureThatConcernsAllRuns() throws IOException {
    // given
    harness.release();
    // when
    RunReport ended =
        RunReport.on(harness.order("a/concurrency1"), Kind.ENDED, "serves no such model");
    harness.report(
        new RunReport(
            ended.schema(),
            ended.runId(),
            ended.batchFolder(),
            ended.runIndex(),
            Kind.ENDED,
            ended.message(),
            "failed",
            "model_not_served",
            0,
            Scope.BATCH));
    // then
    Control control = new ControlStore(new DurableFiles()).of(batch);
    assertThat(control.cancellationOfAll().orElseThrow().by()).isEqualTo("caravan");
    assertThat(harness.release()).singleElement().asString().contains("cancelled");
  }
}
