package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.process.ProcessExit;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cancelling a run at each step of the run stage. */
class RunCancelTest extends RunStageTestBase {

  private static final Control.Order ANN = new Control.Order("ann", "no time");
  private static final String MESSAGE = "cancelled by ann: no time";

  private Batch batch;

  @BeforeEach
  void begin() throws Exception {
    batch = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1, 2]}\n");
  }

  @Test
  void doesNotStartARunThatWasCancelledWhileItWasQueued() throws Exception {
    // given
    order(control -> control.withCancellation(ANN));
    // when
    RunTask task = stage.runs.take(RunStageFixture.order(batch.run(0)));
    // then
    assertThat(task.mayStart()).isFalse();
    assertThat(RunStageFixture.head(batch.run(0)).status()).isEqualTo(Outcome.CANCELLED);
    assertThat(RunStageFixture.head(batch.run(0)).reasons()).containsExactly(MESSAGE);
    assertThat(RunStageFixture.head(batch.run(0)).isFinal()).isTrue();
  }

  @Test
  void endsACancelledRunEvenWhileCaravanStops() throws Exception {
    // given
    order(control -> control.withCancellation(ANN));
    stage.runs.stop("stopped by a test");
    // when
    RunTask task = stage.runs.take(RunStageFixture.order(batch.run(0)));
    // then
    assertThat(stage.runs.report(task).outcome()).isEqualTo("cancelled");
    assertThat(RunStageFixture.head(batch.run(0)).isFinal()).isTrue();
  }

  @Test
  void endsARunThatIsCancelledBetweenProbeAndStart() throws Exception {
    // given
    Run run = batch.run(0);
    RunTask task = stage.runs.take(RunStageFixture.order(run));
    assertThat(task.mayStart()).isTrue();
    order(control -> control.withCancelledRuns(List.of(0), ANN));
    assertThat(stage.runs.cancel(RunStageFixture.order(run), MESSAGE)).isFalse();
    // when
    Attempt attempt = stage.runs.prepare(task);
    ProcessExit exit = stage.start(attempt);
    RunTask done = stage.runs.finish(attempt, exit);
    // then
    assertThat(exit.how()).isEqualTo(ProcessExit.How.STOPPED);
    assertThat(done.result().orElseThrow().outcome()).isEqualTo("cancelled");
    assertThat(RunStageFixture.head(run).isFinal()).isTrue();
    assertThat(names(run.folder())).doesNotContain("profile_export_aiperf.json");
  }

  @Test
  void cancelsNoRunOfAnotherBatchWithTheSameId() throws Exception {
    // given
    RunOrder order = RunStageFixture.order(batch.run(0));
    RunOrder other = RunOrder.execute(order.runId(), "/elsewhere", order.runIndex());
    Attempt attempt = stage.runs.prepare(stage.runs.take(order));
    // then
    assertThat(stage.runs.cancel(other, MESSAGE)).isFalse();
    assertThat(attempt.stop().message()).isEmpty();
    assertThat(stage.runs.cancel(order, MESSAGE)).isTrue();
    assertThat(attempt.stop().message()).contains(MESSAGE);
  }

  @Test
  void executesARunOfACancelledBatchAfterAManualRetry() throws Exception {
    // given
    order(control -> control.withCancellation(ANN).withReruns(Map.of(1, 0), ANN));
    // then
    assertThat(stage.execute(batch.run(0)).outcome()).isEqualTo("cancelled");
    assertThat(stage.execute(batch.run(1)).outcome()).isEqualTo("succeeded");
  }

  @Test
  void doesNotRetryACancelledRun() throws Exception {
    // given
    order(control -> control.withCancelledRuns(List.of(0), ANN));
    // when
    RunReport report = stage.execute(batch.run(0));
    // then
    assertThat(report.kind()).isEqualTo(RunReport.Kind.ENDED);
    Head head = RunStageFixture.head(batch.run(0));
    assertThat(head.nextAttemptAt()).isEmpty();
    assertThat(names(stage.scratch.home.dead())).isEmpty();
  }

  private void order(UnaryOperator<Control> change) throws IOException {
    ControlStore controls = new ControlStore(stage.scratch.files);
    controls.write(batch, change.apply(controls.of(batch)));
  }
}
