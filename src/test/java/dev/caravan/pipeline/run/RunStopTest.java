package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stop that comes between two steps of the run stage, when nothing is running. */
class RunStopTest extends RunStageTestBase {

  private Run run;
  private RunTask task;
  private QuietWait lastStep;

  @BeforeEach
  void takeAnOrder() throws Exception {
    run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1, 2]}\n").run(0);
    task = stage.runs.take(RunStageFixture.order(run));
    lastStep = new QuietWait(stage.runs, stage.services);
  }

  @Test
  void waitsForAnOrderFromItsReceiptToItsReport() throws Exception {
    // then
    assertThat(stage.runs.awaitIdle(Duration.ZERO)).as("before the start").isFalse();

    // when
    Attempt attempt = stage.runs.prepare(lastStep.await(task));
    RunTask done = stage.runs.finish(attempt, stage.start(attempt));

    // then
    assertThat(stage.runs.awaitIdle(Duration.ZERO)).as("before the report").isFalse();
    assertThat(stage.runs.report(done).outcome()).isEqualTo("succeeded");
    assertThat(stage.runs.awaitIdle(Duration.ZERO)).isTrue();
  }

  @Test
  void givesBackARunThatADrainOvertakesBeforeItsStart() throws Exception {
    // given
    CompletableFuture<Void> drain = drain();
    await().until(() -> stage.runs.unlessStopping(task).result().isPresent());

    // when
    RunTask last = lastStep.await(task);

    // then
    assertThat(last.mayStart()).isFalse();
    assertThat(drain).isNotDone();
    assertThat(stage.runs.report(last).kind()).isEqualTo(Kind.STOPPED);
    drain.join();
    assertThat(run.folder()).doesNotExist();
  }

  @Test
  void drainsARunThatHasPassedItsLastStep() throws Exception {
    // given
    RunTask last = lastStep.await(task);
    CompletableFuture<Void> drain = drain();
    await().until(() -> stage.runs.unlessStopping(task).result().isPresent());

    // when
    Attempt attempt = stage.runs.prepare(last);
    RunReport report = stage.runs.report(stage.runs.finish(attempt, stage.start(attempt)));

    // then
    assertThat(report.outcome()).isEqualTo("succeeded");
    drain.join();
  }

  @Test
  void interruptsARunThatHasNotStarted() throws Exception {
    // given
    RunTask passed = lastStep.await(task);

    // when
    stage.runs.interrupt("no heartbeat");

    // then
    RunReport report = lastStep.await(task).result().orElseThrow();
    assertThat(report.kind()).isEqualTo(Kind.STOPPED);
    assertThat(report.message()).isEqualTo("no heartbeat");
    assertThat(stage.runs.prepare(passed).stop().message()).contains("no heartbeat");
  }

  @Test
  void executesALaterOrderForARunThatWasInterrupted() throws Exception {
    // given
    stage.runs.interrupt("no heartbeat");
    stage.runs.report(lastStep.await(task));

    // then
    assertThat(stage.execute(run).outcome()).isEqualTo("succeeded");
  }

  @Test
  void waitsForTheFirstOfTwoOrdersForARun() throws Exception {
    // when
    RunReport again = stage.execute(run);

    // then
    assertThat(again.kind()).isEqualTo(Kind.BUSY);
    assertThat(stage.runs.awaitIdle(Duration.ZERO)).isFalse();
  }

  @Test
  void doesNotWaitForAnOrderThatWasRejected() throws Exception {
    // when
    stage.runs.internalError(RunStageFixture.order(run), new IllegalStateException("a test"));

    // then
    assertThat(stage.runs.awaitIdle(Duration.ZERO)).isTrue();
  }

  private CompletableFuture<Void> drain() {
    return CompletableFuture.runAsync(
        () -> {
          try {
            stage.runs.stopAfter(Duration.ofMinutes(1), "Caravan was stopped");
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
