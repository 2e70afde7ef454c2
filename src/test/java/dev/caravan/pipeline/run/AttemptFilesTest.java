package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an attempt writes of what was run, and in which order. */
class AttemptFilesTest extends RunStageTestBase {

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
}
