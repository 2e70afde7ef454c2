package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Hooks around attempts, in the run stage. */
class HookStepTest extends RunStageTestBase {

  private static final String TWO = "sweeps: {concurrency: [1, 2]}\n";
  private static final String STOPPED = "Caravan was stopped";

  /** A hook that does not end by itself. */
  private static final String HANGS = "echo x >> calls; sleep 600";

  private void hook(String name, String script) throws IOException {
    Path file = stage.scratch.home.root().resolve(name + ".sh");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    stage.scratch.properties.setProperty("caravan.hooks." + name, "./" + name + ".sh");
  }

  private List<String> calls() throws IOException {
    Path file = stage.scratch.home.root().resolve("calls");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Does something beside the test as soon as the hook runs. */
  private void whenTheHookRuns(ThrowingCallable action) {
    beside(
        () -> {
          await().until(() -> !calls().isEmpty());
          action.call();
        });
  }

  private static void beside(ThrowingCallable action) {
    new Thread(() -> assertThatCode(action).doesNotThrowAnyException()).start();
  }

  private Run run(String hooks) throws Exception {
    return stage.accept(RunStageFixture.BASE + TWO + hooks).run(0);
  }

  @Test
  void recordsWhichHooksHaveRunAroundAnAttempt() throws Exception {
    // given
    hook("reset", "echo \"$(ls aiperf_results/*/*/*/stdout.log 2>/dev/null | wc -l)\" >> calls");
    Run run = run("hooks: {before_point: reset, after_point: reset}");
    // when
    RunReport report = stage.execute(run);
    // then: the second ran when aiperf had
    assertThat(report.kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(calls()).containsExactly("0", "1");
    assertThat(
            Json.MAPPER
                .readTree(run.folder().resolve("process_result.json").toFile())
                .path("hooks")
                .findValuesAsText("event"))
        .containsExactly("before_point", "after_point");
    assertThat(names(run.folder())).contains("hook_before_point.log", "hook_after_point.log");
  }

  @Test
  void skipsARunThatCannotBePrepared() throws Exception {
    // given
    hook("reset", "echo no cache; exit 4");
    Run run = run("hooks: {before_point: reset}");
    // when
    RunReport report = stage.execute(run);
    // then
    Head head = RunStageFixture.head(run);
    assertThat(report.scope()).isEqualTo(Scope.RUN);
    assertThat(report.cause()).isEqualTo("hook_failed");
    assertThat(head.status()).isEqualTo(Outcome.FAILED);
    assertThat(head.isFinal()).isTrue();
    assertThat(head.attempt()).isEqualTo(1);
    assertThat(head.reasons())
        .containsExactly("hook before_point (reset) failed with exit code 4: no cache");
    assertThat(names(run.folder())).contains("hook_before_point.log").doesNotContain("attempts");
    assertThat(stage.execute(run.batch().run(1)).kind())
        .as("the lock is free")
        .isEqualTo(Kind.ENDED);
  }

  @Test
  void endsTheBatchWhenAHookSaysSo() throws Exception {
    // given
    hook("reset", "exit 4");
    // then
    assertThat(stage.execute(run("hooks: {before_point: {run: reset, on_failure: stop}}")).scope())
        .isEqualTo(Scope.BATCH);
    Run run = run("hooks: {after_point: {run: reset, on_failure: stop}}");
    RunReport report = stage.execute(run);
    assertThat(report.scope()).isEqualTo(Scope.BATCH);
    assertThat(report.outcome()).isEqualTo("succeeded");
    assertThat(report.cause()).isEqualTo("hook_failed");
    assertThat(report.message()).startsWith("hook after_point (reset) failed with exit code 4");
  }

  @Test
  void saysInTheResultOfARunWhatFailedAroundIt() throws Exception {
    // given
    hook("reset", "echo $$ is wrong | sed 's/[0-9]*//'; exit 4");
    Run run = run("hooks: {before_point: {run: reset, on_failure: continue}, after_point: reset}");
    // when
    stage.execute(run);
    // then
    Head head = RunStageFixture.head(run);
    assertThat(head.status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(head.reasons())
        .containsExactly(
            "hook before_point (reset) failed with exit code 4: is wrong",
            "hook after_point (reset) failed with exit code 4: is wrong");
  }

  @Test
  void isNoAttemptOfItsOwn() throws Exception {
    // given: a target that is not ready, released again
    hook("reset", "echo x >> calls");
    Run run = run("hooks: {before_point: reset}");
    HookStep step = new HookStep(stage.runs);
    for (int release = 0; release < 3; release++) {
      RunTask task = step.before(stage.runs.take(RunStageFixture.order(run)));
      assertThat(task.result()).isEmpty();
      stage.runs.report(task.with(Kind.NOT_READY, "connection refused"));
    }
    // when
    stage.execute(run);
    // then
    assertThat(calls()).hasSize(1);
    assertThat(RunStageFixture.head(run).attempt()).isEqualTo(1);
    assertThat(names(run.folder())).doesNotContain("attempts");
  }

  @Test
  void belongsToItsAttemptWhenThatIsRetried() throws Exception {
    // given
    hook("reset", "echo x >> calls");
    Batch batch =
        stage.accept(
            RunStageFixture.BASE.replace("fake-ok", "fake-exit-3")
                + TWO
                + "retry: {attempts: 2, backoff: 1ms}\nhooks: {before_point: reset}");
    Run run = batch.run(0);
    // when
    stage.execute(run);
    stage.execute(run);
    // then
    assertThat(calls()).hasSize(2);
    assertThat(names(run.folder().resolve("attempts/1"))).contains("hooks.json");
    assertThat(RunStageFixture.head(run).attempt()).isEqualTo(2);
  }

  @Test
  void isRepeatedAfterAStopThatEndedIt() throws Exception {
    // given
    hook("reset", HANGS);
    Run run = run("hooks: {before_point: reset}");
    whenTheHookRuns(() -> stage.runs.stop(STOPPED));
    // when
    RunReport report = stage.execute(run);
    // then
    assertThat(report.kind()).isEqualTo(Kind.STOPPED);
    assertThat(run.folder().resolve("process_result.json")).doesNotExist();
  }

  @Test
  void endsWithTheRunThatIsCancelled() throws Exception {
    // given
    hook("reset", HANGS);
    Run run = run("hooks: {before_point: reset}");
    whenTheHookRuns(() -> stage.runs.cancel(RunStageFixture.order(run), "cancelled by ann"));
    // then
    assertThat(stage.execute(run).outcome()).isEqualTo("cancelled");
  }

  @Test
  void leavesTheBatchAloneWhenAStopEndsTheHookAfterARun() throws Exception {
    // given
    hook("reset", HANGS);
    Run run = run("hooks: {after_point: {run: reset, on_failure: stop}}");
    whenTheHookRuns(() -> stage.runs.stop(STOPPED));
    // when
    RunReport report = stage.execute(run);
    // then: the run was measured
    assertThat(report.outcome()).isEqualTo("succeeded");
    assertThat(report.scope()).isEqualTo(Scope.RUN);
    assertThat(report.cause()).isEmpty();
  }

  @Test
  void startsNothingAfterAHookDuringWhichCaravanBeganToStop() throws Exception {
    // given
    hook("reset", "echo x >> calls; until [ -e go ]; do sleep 0.05; done");
    Run run = run("hooks: {before_point: reset}");
    whenTheHookRuns(() -> stage.runs.stopAfter(Duration.ofMinutes(1), STOPPED));
    RunTask waiting =
        new RunTask(
            RunStageFixture.order(run), run, Optional.empty(), Optional.empty(), Optional.empty());
    beside(
        () -> {
          await().until(() -> stage.runs.unlessStopping(waiting).result().isPresent());
          Files.createFile(stage.scratch.home.root().resolve("go"));
        });
    // then
    assertThat(stage.execute(run).kind()).isEqualTo(Kind.STOPPED);
    assertThat(run.folder().resolve("run_metadata.json")).doesNotExist();
  }
}
