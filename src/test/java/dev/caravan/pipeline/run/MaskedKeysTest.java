package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API key of a run is masked in what its attempts leave and in what is told of it. */
class MaskedKeysTest extends RunStageTestBase {

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

  @Test
  void leavesNoEndOfAKeyThatBeginsLikeOneInTheEndpoint() throws Exception {
    // given
    String begin = ScratchHome.KEY.substring(0, ScratchHome.KEY.length() - 3);
    String keys = "  api_key_env_var: SET_API_KEY\n  endpoint: /v1/x?api_key=" + begin + "\n";
    Run run = stage.accept(RunStageFixture.BASE + keys).run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    ProcessExit exit = stage.start(attempt);
    Path log = Files.createDirectories(run.folder().resolve("logs")).resolve("aiperf.log");
    Files.writeString(log, "POST /v1/x?api_key=" + begin + " Bearer " + ScratchHome.KEY + "\n");
    // when
    stage.runs.finish(attempt, exit);
    // then
    assertThat(log).hasContent("POST /v1/x?api_key=******** Bearer ********");
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
  void masksTheKeyInTheReadinessMessage() throws Exception {
    // given
    String config =
        RunStageFixture.BASE.replace("none", "/health") + "  api_key_env_var: SET_API_KEY\n";
    RunTask task = stage.runs.take(RunStageFixture.order(stage.accept(config).run(0)));
    // when
    Map<String, Object> headers = new HashMap<>();
    stage.probes.addHeaders(task, headers);
    RunTask probed =
        stage.probes.response(task, 503, null, null, "no model for " + ScratchHome.KEY);
    // then
    assertThat(headers).containsExactly(Map.entry("Authorization", "Bearer " + ScratchHome.KEY));
    assertThat(probed.mayStart()).isFalse();
    assertThat(stage.runs.report(probed).toString()).contains("503").doesNotContain("sk-secret");
  }
}
