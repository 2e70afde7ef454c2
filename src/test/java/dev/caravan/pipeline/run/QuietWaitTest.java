package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScriptedLlm;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietWaitTest extends RunStageTestBase {

  private static final String BUSY = "vllm:num_requests_running 2\nvllm:num_requests_waiting 1\n";
  private static final String IDLE = BUSY.replaceAll("\\d\\n", "0\n");

  private final AtomicLong clock = new AtomicLong();
  private ScriptedLlm llm;
  private QuietWait quiet;

  @BeforeEach
  void begin() throws IOException {
    llm = ScriptedLlm.serving("fake-ok");
    quiet = new QuietWait(stage.runs, stage.services, clock::get);
  }

  @AfterEach
  void end() throws IOException {
    llm.close();
  }

  private Batch accept(String time) throws Exception {
    return stage.accept(
        RunStageFixture.BASE
                .replace("http://127.0.0.1:9", llm.url())
                .replace("endpoint: none", "endpoint: /v1/models")
            + "sweeps: {concurrency: [1, 2, 3]}\nreadiness: {quiet: "
            + time
            + "}\n");
  }

  private RunTask task(Batch batch, int index) throws Exception {
    RunTask task = stage.runs.take(RunStageFixture.order(batch.run(index)));
    return task.with(new Readiness(true, ""));
  }

  private void done(RunTask task) throws IOException {
    stage.runs.report(task.with(Kind.STOPPED, "only waited"));
  }

  private long asked() {
    return llm.requests.stream().filter(request -> request.endsWith("/metrics")).count();
  }

  @ParameterizedTest
  @CsvSource({
    "vllm:num_requests_running, vllm:num_requests_waiting",
    "llamacpp:requests_processing, llamacpp:requests_deferred",
    "tgi_batch_current_size, tgi_queue_size",
  })
  void waitsUntilTheServiceIsIdle(String running, String queued) throws Exception {
    // given
    llm.metrics = running + " 0\n" + queued + " 2\n";
    RunTask task = task(accept("50s"), 0);
    CompletableFuture<RunTask> waiting = waiting(task);
    await().until(() -> asked() > 1);
    assertThat(waiting).isNotDone();
    // when
    llm.metrics = running + " 0\n" + queued + " 0\n";
    // then
    assertThat(waiting.join()).isEqualTo(task);
  }

  @ParameterizedTest
  @CsvSource({"1, 1 request", "2, 2 requests"})
  void countsTheRequestsOfOthers(String running, String count) throws Exception {
    // given
    llm.metrics = "vllm:num_requests_running " + running + "\n";
    RunTask task = task(accept("50ms"), 0);
    try (CapturedLog log = CapturedLog.of(RunLogLines.class)) {
      // when
      done(quiet.await(task));
      // then
      assertThat(log.lines())
          .anyMatch(line -> line.contains(" is processing " + count + " of others"));
    }
  }

  @Test
  void waitsInVainTwiceInABatch() throws Exception {
    // given
    llm.metrics = BUSY;
    Batch batch = accept("50ms");
    for (int i = 0; i < 2; i++) {
      done(quiet.await(task(batch, i)));
    }
    long before = asked();
    // when
    RunTask third = quiet.await(task(batch, 2));
    // then
    assertThat(third.mayStart()).isTrue();
    assertThat(before).isPositive();
    assertThat(asked()).isEqualTo(before);
  }

  @Test
  void asksOnceIfTheServiceDoesNotTell() throws Exception {
    // given
    llm.metrics = "process_start_time_seconds 1\n";
    Batch batch = accept("50s");
    // when
    done(quiet.await(task(batch, 0)));
    done(quiet.await(task(batch, 1)));
    // then
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void asksWhileTheTargetIsProbedOnceItHasTold() throws Exception {
    // given
    llm.metrics = IDLE;
    Batch batch = accept("50s");
    RunTask first = quiet.begin(task(batch, 0));
    assertThat(asked()).isZero();
    done(quiet.await(first));
    // when
    RunTask second = quiet.await(quiet.begin(task(batch, 1)));
    // then
    assertThat(second.mayStart()).isTrue();
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void asksAgainIfItBeganLongAgo() throws Exception {
    // given
    llm.metrics = IDLE;
    Batch batch = accept("50s");
    done(quiet.await(task(batch, 0)));
    RunTask task = quiet.begin(task(batch, 1));
    await().until(() -> asked() == 2);
    // when
    clock.set(Duration.ofSeconds(1).toNanos());
    llm.metrics = BUSY;
    CompletableFuture<RunTask> waiting = waiting(task);
    await().until(() -> asked() > 3);
    // then
    assertThat(waiting).isNotDone();
    llm.metrics = IDLE;
    assertThat(waiting.join()).isEqualTo(task);
  }

  @Test
  void doesNotTakeARequestOfThePreflightForOneOfOthers() throws Exception {
    // given
    llm.metrics = IDLE;
    Batch batch = accept("50s");
    done(quiet.await(task(batch, 0)));
    llm.metrics = BUSY;
    RunTask task = quiet.begin(task(batch, 1));
    await().until(() -> asked() == 2);
    // when
    llm.metrics = IDLE;
    try (CapturedLog log = CapturedLog.of(RunLogLines.class)) {
      quiet.await(task);
      // then
      assertThat(log.lines()).isEmpty();
    }
  }

  /** As of two configs that were accepted in the same second for different result folders. */
  @Test
  void keepsTheAnswersOfRunsWithTheSameIdApart() throws Exception {
    // given
    llm.metrics = IDLE;
    Batch batch = accept("50s");
    done(quiet.await(task(batch, 0)));
    RunTask one = task(batch, 1);
    RunOrder elsewhere = RunOrder.execute(one.order().runId(), "/elsewhere", 1);
    RunTask other = new RunTask(elsewhere, one.run(), one.probe(), one.readiness(), one.result());
    // when
    quiet.begin(one);
    quiet.begin(other);
    quiet.await(one);
    quiet.await(other);
    // then
    assertThat(asked()).isEqualTo(3);
  }

  @Test
  void asksNothingIfNoWaitIsWanted() throws Exception {
    quiet.await(task(accept("0s"), 0));
    assertThat(asked()).isZero();
  }

  @Test
  void endsWhenItsRunIsCancelled() throws Exception {
    // given
    llm.metrics = BUSY;
    Batch batch = accept("50s");
    CompletableFuture<RunTask> waiting = waiting(task(batch, 0));
    // when
    await()
        .until(() -> stage.runs.cancel(RunStageFixture.order(batch.run(0)), "cancelled by a test"));
    // then
    RunReport report = waiting.join().result().orElseThrow();
    assertThat(report.kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(batch.run(0)).status().value()).isEqualTo("cancelled");
  }

  private CompletableFuture<RunTask> waiting(RunTask task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return quiet.await(task);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void waitsForAMinuteByDefault() throws Exception {
    Batch batch = stage.accept(RunStageFixture.BASE);
    assertThat(batch.config().readiness().quiet()).isEqualTo(Duration.ofSeconds(60));
  }
}
