package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.process.ProcessExit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders to cancel, as the run stage meets them at each point of a run's way. */
class RunCancelTest {

  private static final Control.Order ANN = new Control.Order("ann", "no time");
  private static final String WORDS = "cancelled by ann: no time";

  @TempDir private Path folder;
  private Stage stage;
  private Batch batch;

  @BeforeEach
  void begin() throws Exception {
    stage = Stage.in(folder);
    batch = stage.accept(Stage.BASE + "sweeps: {concurrency: [1, 2]}\n");
  }

  @AfterEach
  void end() throws IOException {
    stage.close();
  }

  @Test
  void endsARunWithoutStartingItThatWasCancelledWhileItsOrderWasOnItsWay() throws Exception {
    // given
    order(control -> control.withCancellation(ANN));
    // when
    RunTask task = stage.runs.take(Stage.order(batch.run(0)).json());
    // then
    assertThat(task.mayStart()).isFalse();
    assertThat(Stage.head(batch.run(0)).status()).isEqualTo(Outcome.CANCELLED);
    assertThat(Stage.head(batch.run(0)).reasons()).containsExactly(WORDS);
    assertThat(Stage.head(batch.run(0)).isFinal()).isTrue();
  }

  @Test
  void endsARunThatIsCancelledBetweenItsProbeAndItsStart() throws Exception {
    // given
    Run run = batch.run(0);
    RunTask task = stage.runs.take(Stage.order(run).json());
    assertThat(task.mayStart()).isTrue();
    order(control -> control.withCancelledRuns(List.of(0), ANN));
    assertThat(stage.runs.cancel(run.id(), WORDS)).isFalse();
    // when
    Attempt attempt = stage.runs.prepare(task);
    ProcessExit ended = stage.start(attempt);
    RunTask done = stage.runs.finish(attempt, ended);
    // then
    assertThat(ended.how()).isEqualTo(ProcessExit.How.STOPPED);
    assertThat(done.result().orElseThrow().outcome()).isEqualTo("cancelled");
    assertThat(Stage.head(run).isFinal()).isTrue();
    assertThat(names(run.folder())).doesNotContain("profile_export_aiperf.json");
  }

  @Test
  void executesARunOfACancelledBatchThatWasOrderedAgain() throws Exception {
    // given
    order(control -> control.withCancellation(ANN).withReruns(Map.of(1, 0), ANN));
    // then
    assertThat(stage.execute(batch.run(0)).outcome()).isEqualTo("cancelled");
    assertThat(stage.execute(batch.run(1)).outcome()).isEqualTo("succeeded");
  }

  @Test
  void doesNotTryAgainWhatWasCancelled() throws Exception {
    // given
    order(control -> control.withCancelledRuns(List.of(0), ANN));
    // when
    RunReport report = stage.execute(batch.run(0));
    // then
    assertThat(report.kind()).isEqualTo(RunReport.Kind.ENDED);
    Head head = Stage.head(batch.run(0));
    assertThat(head.nextAttemptAt()).isEmpty();
    assertThat(names(stage.life.home.dead())).isEmpty();
  }

  private void order(UnaryOperator<Control> change) throws IOException {
    ControlStore controls = new ControlStore(stage.life.files);
    controls.write(batch, change.apply(controls.of(batch)));
  }
}
