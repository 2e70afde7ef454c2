package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.config.ReadinessRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.target.TargetUrls;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.PowerCut;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunStageTest extends RunStageTestBase {

  @Test
  void keepsItsTargetLockedWhenItsOrderIsRedelivered() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [3, 4]}\n");
    stage.runs.prepare(stage.runs.take(RunStageFixture.order(batch.run(0))));
    // when
    RunReport again = stage.execute(batch.run(0));
    RunReport next = stage.execute(batch.run(1));
    // then
    assertThat(again.kind()).isEqualTo(RunReport.Kind.BUSY);
    assertThat(next.kind()).isEqualTo(RunReport.Kind.BUSY);
  }

  @Test
  void writesWhatWasRunAndHowItEnded() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [3, 4]}\n").run(1);
    // when
    RunReport report = stage.execute(run);
    // then
    assertThat(report)
        .isEqualTo(RunReport.ended(RunStageFixture.order(run), RunStageFixture.head(run)));
    assertThat(names(run.folder()))
        .contains(
            "process_result.json",
            "run_metadata.json",
            "stdout.log",
            "stderr.log",
            "profile_export_aiperf.json",
            "logs");
    Head head = RunStageFixture.head(run);
    assertThat(head.status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(head.isFinal()).isTrue();
    assertThat(head.attempt()).isEqualTo(1);
    assertThat(head.aiperfVersion()).isEqualTo("0.13.0");
    JsonNode metadata =
        new ObjectMapper().readTree(run.folder().resolve("run_metadata.json").toFile());
    assertThat(metadata.path("run_index").asInt()).isEqualTo(1);
    assertThat(metadata.path("sweep_params").toString()).isEqualTo("{\"concurrency\":4}");
    assertThat(metadata.path("run_id").asText()).isEqualTo(run.id());
    assertThat(metadata.path("duration_seconds").asDouble()).isPositive();
    assertThat(folder.resolve("t")).isEmptyDirectory();
  }

  @Test
  void recordsTheEnvironmentOfEachAttempt() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    stage.execute(run);
    RunFolder folder = new RunFolder(run.folder());
    Environment first = Environment.read(folder.environment()).orElseThrow();
    Files.delete(folder.processResult()); // as a kill -9 between the two leaves it
    // when
    stage.execute(run);
    // then
    Path earlier = run.folder().resolve("attempts/1/environment.json");
    assertThat(Environment.read(earlier)).contains(first);
    assertThat(first.attempt()).isEqualTo(1);
    assertThat(first.client()).containsEntry("aiperf", "0.13.0");
    assertThat(first.after().monotonic()).isGreaterThan(first.before().monotonic());
    assertThat(Environment.read(folder.environment()).orElseThrow().attempt()).isEqualTo(2);
  }

  @Test
  void writesTheResultLastAfterASync() throws Exception {
    // given
    List<String> written = new ArrayList<>();
    RunStageFixture watched =
        new RunStageFixture(
            folder,
            new DurableFiles() {
              @Override
              public void writeWhole(Path file, byte[] content) throws IOException {
                written.add(file.getFileName().toString());
                if (file.endsWith("process_result.json")) {
                  written.add("existing files: " + names(file.getParent()));
                }
                super.writeWhole(file, content);
              }

              @Override
              public void writeWithoutFolderSync(Path file, byte[] content) throws IOException {
                written.add(file.getFileName().toString());
                super.writeWithoutFolderSync(file, content);
              }

              @Override
              public void syncAll(Path synced) throws IOException {
                written.add("sync");
                super.syncAll(synced);
              }
            });
    Run run = watched.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    written.clear();
    // when
    watched.execute(run);
    watched.close();
    // then
    assertThat(written)
        .hasSize(7)
        .startsWith("run_metadata.json")
        .containsSubsequence(
            "run_metadata.json", "environment.json", "sync", "process_result.json");
    assertThat(written.get(6)).contains("profile_export_aiperf.json", "stdout.log", "logs");
  }

  @Test
  void reportsADoneRunWithoutRunningItAgain() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    stage.execute(run);
    Head first = RunStageFixture.head(run);
    // when
    RunTask again = stage.runs.take(RunStageFixture.order(run));
    // then
    assertThat(again.mayStart()).isFalse();
    assertThat(again.needsProbe()).isFalse();
    assertThat(stage.runs.report(again).kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(run)).isEqualTo(first);
    assertThat(run.folder().resolve("attempts")).doesNotExist();
  }

  @Test
  void archivesAttemptsThatWereCutOff() throws Exception {
    // given: Caravan was killed twice while the run was in progress
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    for (int n = 1; n <= 2; n++) {
      try (RunStageFixture killed = RunStageFixture.in(folder)) {
        killed.runs.prepare(killed.runs.take(RunStageFixture.order(run)));
        Path stdout = run.folder().resolve("stdout.log");
        Files.writeString(stdout, "half a line of attempt " + n);
        Instant written = Files.getLastModifiedTime(stdout).toInstant().plusSeconds(90);
        Files.setLastModifiedTime(stdout, FileTime.from(written));
      }
    }
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
          .isBetween(89.0, 95.0);
    }
  }

  @Test
  void masksTheKeyInTheFilesOfACutOffAttempt() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "  api_key_env_var: SET_API_KEY\n").run(0);
    try (RunStageFixture killed = RunStageFixture.in(folder)) {
      killed.runs.prepare(killed.runs.take(RunStageFixture.order(run)));
      Files.writeString(run.folder().resolve("stdout.log"), "Bearer " + ScratchHome.KEY + "\n");
      Path log = Files.createDirectories(run.folder().resolve("logs")).resolve("aiperf.log");
      Files.writeString(log, "sent " + ScratchHome.KEY);
    }
    // when
    stage.execute(run);
    // then
    Path lost = run.folder().resolve("attempts/1");
    for (String file : List.of("stdout.log", "logs/aiperf.log", "process_result.json")) {
      assertThat(lost.resolve(file)).content().doesNotContain(ScratchHome.KEY);
    }
    assertThat(lost.resolve("stdout.log")).hasContent("Bearer ********");
    assertThat(ProcessResult.head(lost.resolve("process_result.json")).orElseThrow().reasons())
        .anyMatch(reason -> reason.contains("wrote the API key"));
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

  private static void executeUntilCut(RunStageFixture stage, Run run) throws Exception {
    try {
      stage.execute(run);
    } catch (PowerCut.PowerCutError cut) {
      assertThat(cut).hasMessageStartingWith("power cut");
    }
  }

  @Test
  void refusesMessagesThatNameNoRunOfThisHome() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE);
    Path outside =
        Files.createDirectories(folder.resolveSibling(folder.getFileName() + "-outside"));
    Files.createSymbolicLink(folder.resolve("link"), outside);
    // then
    assertRefused(order(outside, 0), "outside the results roots");
    assertRefused(order(Path.of("/etc"), 0), "outside the results roots");
    assertRefused(order(folder.resolve("link/b"), 0), "outside the results roots");
    assertRefused(order(folder.resolve("a/../../" + outside.getFileName()), 0), "outside");
    assertRefused(order(folder.resolve("nowhere"), 0), "no such run");
    assertRefused(order(batch.folder(), 1), "has no run 1");
    assertRefused(order(batch.folder(), -1), "has no run -1");
    Files.delete(outside);
  }

  @Test
  void refusesAFolderThatIsNotAnAbsolutePath() {
    assertRefused(order("nul\0byte", 0), "no");
    assertRefused(order("relative/folder", 0), "outside the results roots");
  }

  private void assertRefused(RunOrder order, String message) {
    assertThatThrownBy(() -> stage.runs.take(order))
        .as(order.toString())
        .isInstanceOf(InvalidRunOrderException.class)
        .hasMessageContaining(message);
  }

  private static RunOrder order(Object batchFolder, int index) {
    return RunOrder.execute("x", batchFolder.toString(), index);
  }

  @Test
  void sendsNoProbeIfTheConfigTurnsItOff() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE).run(0);
    // then
    ReadinessRules rules = run.batch().config().readiness();
    assertThat(TargetUrls.probe(run.parameters(), rules)).isEmpty();
    assertThat(stage.probes.readiness(run.parameters(), rules).ready()).isTrue();
    assertThat(stage.runs.take(RunStageFixture.order(run)).needsProbe()).isFalse();
  }

  @Test
  void masksTheKeyInTheReadinessMessage() throws Exception {
    // given
    String config =
        RunStageFixture.BASE.replace("none", "/health") + "  api_key_env_var: SET_API_KEY\n";
    RunTask task = stage.runs.take(RunStageFixture.order(stage.accept(config).run(0)));
    // when
    RunTask probed =
        stage.probes.response(task, 503, null, null, "no model for " + ScratchHome.KEY);
    // then
    assertThat(stage.probes.authorization(task)).isEqualTo("Bearer " + ScratchHome.KEY);
    assertThat(probed.mayStart()).isFalse();
    assertThat(stage.runs.report(probed).toString()).contains("503").doesNotContain("sk-secret");
  }
}
