package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.testing.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Attempts that a kill, a power cut or a full disk ends are kept, counted and told apart. */
class LostAttemptsTest extends RunStageTestBase {

  @Test
  void archivesAttemptsThatWereCutOff() throws Exception {
    // given: Caravan was killed twice while the run was in progress
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    long begin = System.nanoTime();
    for (int n = 1; n <= 2; n++) {
      try (RunStageFixture killed = RunStageFixture.in(folder)) {
        killed.runs.prepare(killed.runs.take(RunStageFixture.order(run)));
        Path stdout = run.folder().resolve("stdout.log");
        Files.writeString(stdout, "half a line of attempt " + n);
        Instant written = Files.getLastModifiedTime(stdout).toInstant().plusSeconds(90);
        Files.setLastModifiedTime(stdout, FileTime.from(written));
      }
    }
    double took = (System.nanoTime() - begin) / 1e9;

    // when
    stage.execute(run);

    // then
    assertThat(RunStageFixture.head(run).attempt()).isEqualTo(3);
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    for (int n = 1; n <= 2; n++) {
      Path earlier = run.folder().resolve("attempts/" + n);
      assertThat(earlier.resolve("stdout.log")).hasContent("half a line of attempt " + n);
      JsonNode lost = new ObjectMapper().readTree(earlier.resolve("process_result.json").toFile());
      assertThat(lost.path("cause").asText()).isEqualTo("lost");
      assertThat(lost.path("final").asBoolean()).isFalse();
      assertThat(lost.path("attempt").asInt()).isEqualTo(n);
      assertThat(lost.path("stdout").asText()).startsWith("half a line");
      assertThat(lost.path("duration_seconds").asDouble())
          .as("from the start to the last write")
          .isBetween(89.0, 91.0 + took);
    }
  }

  @Test
  void isDoneOnceAfterAPowerCutAtAnyMoment() throws Exception {
    boolean wasCut = true;
    int fatal = 1;
    for (; wasCut; fatal++) {
      // given
      Path home = Files.createDirectories(folder.resolve("home" + fatal));
      Batch batch =
          RunStageFixture.in(home).accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n");
      PowerCut disk = new PowerCut(fatal + 4, PowerCut.When.DURING); // 4: the inbox's folders
      // when
      try (RunStageFixture cut = new RunStageFixture(home, disk)) {
        executeUntilCut(cut, batch.run(0));
      }
      wasCut = !disk.neverHappened();
      try (RunStageFixture next = RunStageFixture.in(home)) {
        Run run = next.scratch.batches.load(batch.folder()).run(0);
        assertThat(next.execute(run).kind()).as("change " + fatal).isEqualTo(Kind.ENDED);
        // then
        assertThat(RunStageFixture.head(run).status())
            .as("change " + fatal)
            .isEqualTo(Outcome.SUCCEEDED);
        assertThat(RunStageFixture.head(run).isFinal()).isTrue();
      }
    }
    assertThat(fatal).isGreaterThan(5);
  }

  private static void executeUntilCut(RunStageFixture stage, Run run) throws Exception {
    try {
      stage.execute(run);
    } catch (PowerCut.PowerCutError cut) {
      assertThat(cut).hasMessageStartingWith("power cut");
    }
  }

  /**
   * A run that makes its machine fail would be repeated for ever if its attempts were forgotten.
   */
  @Test
  void countsAnAttemptThatAPowerCutEndsAtItsStart() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    PowerCut disk = new PowerCut(Integer.MAX_VALUE, PowerCut.When.BEFORE);
    try (RunStageFixture cut = new RunStageFixture(folder, disk)) {
      cut.runs.prepare(cut.runs.take(RunStageFixture.order(run)));
      // when
      disk.undoUnsynced();
    }
    stage.runs.take(RunStageFixture.order(run));
    // then
    Head first = ProcessResult.head(run.folder().resolve("attempts/1/process_result.json")).get();
    assertThat(first.cause()).isEqualTo("lost");
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
}
