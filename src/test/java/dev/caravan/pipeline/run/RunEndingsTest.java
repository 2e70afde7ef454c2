package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that do not succeed: failed, stopped, not executed, or lost. */
class RunEndingsTest extends RunStageTestBase {

  @Test
  void writesTheFailureOfARunAsItsResult() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {model: [fake-exit-3]}\n").run(0);
    // when
    RunReport first = stage.execute(run);
    RunReport second = stage.execute(run);
    // then
    assertThat(first.kind()).isEqualTo(Kind.RETRY);
    assertThat(second.kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(run).attempt()).isEqualTo(2);
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.FAILED);
    assertThat(RunStageFixture.head(run).isFinal()).isTrue();
    assertThat(RunStageFixture.head(run).reasons().get(0)).contains("exited 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"process_result.json", "run_metadata.json", "environment.json"})
  void recordsAnAttemptThatMadeAFolderInPlaceOfAFileOfCaravan(String name) throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE).run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    ProcessExit exit = stage.start(attempt);
    Path taken = run.folder().resolve(name);
    stage.scratch.files.delete(taken);
    Files.createDirectories(taken.resolve("below"));
    // when
    stage.runs.finish(attempt, exit);
    // then
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(taken).isRegularFile();
    assertThat(run.folder().resolve(name + ".damaged/below")).isDirectory();
  }

  @Test
  void masksTheKeyInFilesThatAiperfWrote() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "  api_key_env_var: SET_API_KEY\n").run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    ProcessExit exit = stage.start(attempt);
    Path log = Files.createDirectories(run.folder().resolve("logs")).resolve("aiperf.log");
    Files.writeString(log, "Authorization: Bearer " + ScratchHome.KEY + "\n");
    // when
    stage.runs.finish(attempt, exit);
    // then
    assertThat(log).hasContent("Authorization: Bearer ********");
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(RunStageFixture.head(run).reasons())
        .containsExactly("aiperf wrote the API key into logs/aiperf.log; masked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "summary.json",
        "report.html",
        "config.yaml",
        "lock",
        "attempts/1/stdout.log",
        "attempts/notes.txt"
      })
  void masksTheKeyInFilesOfARunThatAreNamedLikeThoseOfABatch(String name) throws Exception {
    // given
    Run run =
        stage
            .accept(
                RunStageFixture.BASE
                    + "  api_key_env_var: SET_API_KEY\nsweeps: {concurrency: [1, 2]}\n")
            .run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    ProcessExit exit = stage.start(attempt);
    Path file = run.folder().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "key: " + ScratchHome.KEY);
    // when
    stage.runs.finish(attempt, exit);
    // then
    assertThat(file).hasContent("key: ********");
    assertThat(RunStageFixture.head(run).reasons())
        .containsExactly("aiperf wrote the API key into " + name + "; masked");
  }

  @Test
  void masksTheKeyInNamesOfFilesAndFolders() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "  api_key_env_var: SET_API_KEY\n").run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    ProcessExit exit = stage.start(attempt);
    Path folder = Files.createDirectories(run.folder().resolve("logs/" + ScratchHome.KEY));
    Files.writeString(folder.resolve(ScratchHome.KEY + ".log"), "text");
    // when
    stage.runs.finish(attempt, exit);
    // then
    assertThat(run.folder().resolve("logs/********/********.log")).hasContent("text");
    assertThat(folder).doesNotExist();
    assertThat(RunStageFixture.head(run).reasons().toString()).doesNotContain(ScratchHome.KEY);
  }

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

  @Test
  void recordsAnInternalErrorAsTheResultOfTheRun() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    // when
    RunReport report =
        stage.runs.internalError(RunStageFixture.order(run), new IllegalStateException("a bug"));
    // then
    assertThat(report.kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.FAILED);
    assertThat(RunStageFixture.head(run).cause()).isEqualTo("internal_error");
    assertThat(RunStageFixture.head(run).reasons().get(0)).contains("a bug");
    assertThat(RunStageFixture.head(run).isFinal()).isTrue();
  }

  @Test
  void keepsTheResultWhenAnInternalErrorFollows() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    stage.execute(run);
    // when
    RunReport report =
        stage.runs.internalError(RunStageFixture.order(run), new IllegalStateException("a bug"));
    // then
    assertThat(report)
        .isEqualTo(RunReport.ended(RunStageFixture.order(run), RunStageFixture.head(run)));
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(run.folder().resolve("attempts")).doesNotExist();
  }

  @Test
  void keepsWhatTakesThePlaceOfTheFolderOfARun() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    Files.writeString(run.folder(), "a file where the run's folder should be");
    // when
    RunReport report =
        stage.runs.internalError(RunStageFixture.order(run), new IllegalStateException("a bug"));
    // then
    assertThat(report.kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(run).cause()).isEqualTo("internal_error");
    assertThat(run.batch().folder().resolve(".1_replaced_concurrency1"))
        .hasContent("a file where the run's folder should be");
  }

  @Test
  void givesTheDiskErrorAsReasonOfALostAttempt() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    stage.start(stage.runs.prepare(stage.runs.take(RunStageFixture.order(run))));
    IOException full = new IOException("No space left on device");
    // when
    RunReport report = stage.runs.internalError(RunStageFixture.order(run), full);
    RunReport again = stage.execute(run);
    // then
    assertThat(report.kind()).isEqualTo(Kind.RETRY);
    assertThat(again.outcome()).isEqualTo("succeeded");
    assertThat(ProcessResult.head(run.folder().resolve("attempts/1/process_result.json")))
        .get()
        .extracting(ProcessResult.Head::cause, ProcessResult.Head::reasons)
        .containsExactly(
            "lost",
            List.of(
                "its files could not be read or written: java.io.IOException: No space left on"
                    + " device"));
  }

  @Test
  void neverSaysThatAnAttemptWasRunningWhichHadEnded() throws Exception {
    // given: a Caravan that ends while it judges
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    ProcessExit exit = stage.start(attempt);
    Path export = run.folder().resolve("profile_export_aiperf.json");
    Files.writeString(
        export,
        "{\"request_count\": {\"unit\": \"requests\", \"avg\": 1},"
            + " \"error_request_count\": {\"unit\": \"requests\", \"avg\": 1}}");
    assertThatThrownBy(
            () ->
                stage
                    .runs
                    .files()
                    .writeEnded(
                        attempt,
                        exit,
                        false,
                        () -> {
                          throw new IllegalStateException("killed");
                        },
                        Optional::empty))
        .hasMessage("killed");
    // when
    stage.runs.files().setAside(run);
    // then
    assertThat(ProcessResult.head(run.folder().resolve("attempts/1/process_result.json")))
        .get()
        .extracting(ProcessResult.Head::reasons)
        .asString()
        .contains("aiperf had ended, but Caravan stopped before");
  }

  @Test
  void reportsThatAiperfIsMissing() throws Exception {
    // given
    try (RunStageFixture bare = RunStageFixture.withoutAiperf(folder)) {
      Run run = bare.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
      // when
      RunReport report = bare.execute(run);
      // then
      assertThat(report.kind()).isEqualTo(Kind.RETRY);
      assertThat(RunStageFixture.head(run).cause()).isEqualTo("start_failed");
      assertThat(RunStageFixture.head(run).reasons().get(0)).contains("nowhere/aiperf");
    }
  }

  @Test
  void givesTheLocksBackWhenTheBatchFolderVanishes() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    Run other = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    ProcessExit exit = stage.start(attempt);
    new DurableFiles().delete(run.batch().folder());
    // when
    IOException gone = assertThrows(IOException.class, () -> stage.runs.finish(attempt, exit));
    RunReport report = stage.runs.internalError(RunStageFixture.order(run), gone);
    // then
    assertThat(report.kind()).isEqualTo(Kind.INTERNAL_ERROR);
    assertThat(report.message()).contains("the folder of its batch is gone");
    assertThat(stage.execute(other).outcome()).isEqualTo("succeeded");
    assertThat(run.batch().folder()).doesNotExist();
  }

  @Test
  void givesUpARunWhoseFolderAiperfRemovesEachTime() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1, 2]}\n").run(0);
    RunReport report = null;
    // when: five is the limit
    for (int i = 0; i < 5; i++) {
      Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
      ProcessExit exit = stage.start(attempt);
      new DurableFiles().delete(run.folder());
      IOException gone = assertThrows(IOException.class, () -> stage.runs.finish(attempt, exit));
      report = stage.runs.internalError(RunStageFixture.order(run), gone);
      assertThat(report.kind()).isEqualTo(i < 4 ? Kind.RETRY : Kind.ENDED);
    }
    // then
    assertThat(report.cause()).isEqualTo("lost");
    assertThat(RunStageFixture.head(run).reasons().get(0)).startsWith("lost 5 times in a row");
  }

  @Test
  void writesNothingThroughALinkInPlaceOfTheFolderOfARun() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(run.folder(), elsewhere);
    // when
    RunReport report = stage.execute(run);
    // then
    assertThat(report.outcome()).isEqualTo("succeeded");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void goesOnAfterAiperfPutSomethingInPlaceOfTheEarlierAttempts() throws Exception {
    // given
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Run first = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    Run second = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    Files.createDirectory(first.folder());
    Files.writeString(first.folder().resolve("attempts"), "a file");
    Files.createDirectory(second.folder());
    Files.createSymbolicLink(second.folder().resolve("attempts"), elsewhere);
    for (Run run : List.of(first, second)) {
      Files.writeString(run.folder().resolve("run_metadata.json"), "{}");
      // when
      RunReport report = stage.execute(run);
      // then
      assertThat(report.outcome()).isEqualTo("succeeded");
      assertThat(RunStageFixture.head(run).attempt()).isEqualTo(2);
    }
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void neverSaysThatAnAttemptWasRunningThatHadNotStarted() throws Exception {
    // given: a Caravan that ends while it writes why a run is not executed
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    RunOrder.Ending how = new RunOrder.Ending("unhealthy", "", "not ready for 1h");
    stage.runs.report(stage.runs.take(RunStageFixture.order(run).withEnding(how)));
    Files.delete(run.folder().resolve("process_result.json"));
    // when
    stage.runs.files().setAside(run);
    // then
    assertThat(ProcessResult.head(run.folder().resolve("attempts/1/process_result.json")))
        .get()
        .extracting(ProcessResult.Head::reasons)
        .asString()
        .contains("had not started");
  }

  @Test
  void recordsAnErrorOfTheStackAsInternal() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    // when
    RunReport json =
        stage.runs.internalError(
            RunStageFixture.order(run),
            new RuntimeException("a route", new StackOverflowError("deep")));
    // then
    assertThat(json.cause()).isEqualTo("internal_error");
    assertThat(RunStageFixture.head(run).reasons().get(0)).contains("StackOverflowError: deep");
  }
}
