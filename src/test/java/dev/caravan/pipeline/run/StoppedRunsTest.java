package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Runs that a stop ends or keeps from starting, and runs that their order only ends. */
class StoppedRunsTest extends RunStageTestBase {

  @Test
  void endsARunningAttemptOnAStopWithoutAFinalResult() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {model: [fake-hang]}\n").run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    CompletableFuture<ProcessExit> running =
        CompletableFuture.supplyAsync(() -> stage.start(attempt));
    await().until(() -> Files.exists(run.folder().resolve("logs/aiperf.log")));
    // when
    stage.runs.stop("stopped by a test");
    RunReport report = stage.runs.report(stage.runs.finish(attempt, running.get()));
    boolean idle = stage.runs.awaitIdle(Duration.ofSeconds(5));
    // then
    assertThat(idle).isTrue();
    assertThat(report)
        .isEqualTo(RunReport.on(RunStageFixture.order(run), Kind.STOPPED, "stopped by a test"));
    assertThat(RunStageFixture.head(run).isFinal()).isFalse();
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void startsNothingAfterAStop() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + "sweeps: {model: [a, b]}\n");
    Attempt ready = stage.runs.prepare(stage.runs.take(RunStageFixture.order(batch.run(0))));
    // when
    stage.runs.stop("stopped by a test");
    RunTask late = stage.runs.take(RunStageFixture.order(batch.run(1)));
    ProcessExit exit = stage.start(ready);
    // then
    assertThat(stage.runs.report(late).kind()).isEqualTo(Kind.STOPPED);
    assertThat(batch.run(1).folder()).doesNotExist();
    assertThat(exit.how()).isEqualTo(ProcessExit.How.STOPPED);
    assertThat(batch.run(0).folder().resolve("stdout.log")).doesNotExist();
  }

  @Test
  void endsARunWithoutExecutingItIfTheOrderSaysSo() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    RunOrder.Ending how = new RunOrder.Ending("unhealthy", "", "not ready for 1h");
    // when
    RunTask task = stage.runs.take(RunStageFixture.order(run).withEnding(how));
    // then
    assertThat(task.mayStart()).isFalse();
    assertThat(stage.runs.report(task).kind()).isEqualTo(Kind.ENDED);
    assertThat(names(run.folder())).containsExactly("process_result.json", "run_metadata.json");
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.UNHEALTHY);
    assertThat(RunStageFixture.head(run).reasons()).containsExactly("not ready for 1h");
    assertThat(RunStageFixture.head(run).isFinal()).isTrue();
    JsonNode result =
        new ObjectMapper().readTree(run.folder().resolve("process_result.json").toFile());
    assertThat(result.path("returncode").isNull()).isTrue();
    assertThat(result.path("executed")).isEmpty();
    assertThat(result.path("args").path(0).asText()).isEqualTo("aiperf");
  }
}
