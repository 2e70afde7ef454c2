package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.Watchdog;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaunchFactoryTest extends RunStageTestBase {

  @Test
  void takesArgumentsFromTheRunAlone() throws Exception {
    // given
    Run run =
        stage
            .accept(RunStageFixture.BASE + "sweeps: {concurrency: [7], model: ['a b;$HOME']}\n")
            .run(0);
    // when
    Launch launch = launch(run);
    // then
    assertThat(launch.argv())
        .startsWith(folder.toRealPath().resolve("bin/aiperf").toString(), "profile")
        .containsSubsequence("--model", "a b;$HOME", "--concurrency", "7")
        .endsWith("--output-artifact-dir", run.folder().toString(), "--ui-type", "none");
    assertThat(launch.stdout()).isEqualTo(run.folder().resolve("stdout.log"));
    assertThat(launch.stderr()).isEqualTo(run.folder().resolve("stderr.log"));
    assertThat(launch.directory()).isEqualTo(stage.scratch.home.root());
  }

  @Test
  void sendsOtherPromptsInEveryRunAndAttemptAndRecordsWhatItSent() throws Exception {
    // given
    Batch batch =
        stage.accept(
            RunStageFixture.BASE
                + "  random_seed: 1\nsweeps: {concurrency: [1, 2]}\nvary_prompts: true\n");
    // when
    Set<String> seeds = new HashSet<>();
    for (Run run : List.of(batch.run(0), batch.run(1))) {
      for (int attempt : List.of(1, 2)) {
        stage.execute(run);
        JsonNode metadata = Json.read(new RunFolder(run.folder()).runMetadata(), JsonNode.class);
        String seed = metadata.at("/parameters/random_seed").asText();
        // then
        assertThat(stage.launches().attempt(task(run), attempt).executed())
            .containsSubsequence("--random-seed", seed, "--cache-bust", "first_turn_prefix");
        assertThat(metadata.path("command").asText()).contains("--random-seed " + seed + " ");
        assertThat(metadata.at("/base_config/random_seed").asInt()).isEqualTo(1);
        seeds.add(seed);
        new AttemptArchive(stage.scratch.files).setAside(run);
      }
    }
    assertThat(seeds).hasSize(4);
  }

  @Test
  void limitsARunToItsDurationAndTheAllowance() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {benchmark_duration: [5, 90]}\n").run(1);
    // then
    assertThat(launch(run).limit()).isEqualTo(Duration.ofSeconds(90 + 60));
    assertThat(launch(run).interruptGrace()).isEqualTo(Duration.ofSeconds(2));
    assertThat(launch(run).interruptMarker()).isPresent();
  }

  @Test
  void watchesARunByTheLimitsOfItsConfig() throws Exception {
    // given
    Run run =
        stage
            .accept(
                RunStageFixture.BASE + "limits: {start_up: 4s, no_progress: 9s, run_timeout: 7s}\n")
            .run(0);
    Launch launch = launch(run);
    Files.createDirectories(run.folder());
    Files.writeString(launch.stdout(), "INFO Starting AIPerf System (_single_run.py:81)\n");
    Watchdog watch = launch.watchdog().orElseThrow();
    // then
    assertThat(launch.limit()).isEqualTo(Duration.ofSeconds(7));
    assertThat(watch.overdue(Duration.ofSeconds(3))).isEmpty();
    assertThat(watch.overdue(Duration.ofSeconds(4)))
        .contains("timed out in the start-up phase: its limit of 4s passed");
  }

  @Test
  void givesEveryLaunchItsOwnTemporaryFolder() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE).run(0);
    // then
    assertThat(launch(run).temp()).isNotEqualTo(launch(run).temp());
    assertThat(launch(run).temp().getParent()).isEqualTo(folder.toRealPath().resolve("t"));
    assertThat(launch(run).temp()).doesNotExist();
  }

  @Test
  void passesTheKeyOnlyInTheEnvironment() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "  api_key_env_var: SET_API_KEY\n").run(0);
    // when
    Attempt attempt = stage.launches().attempt(task(run), 1);
    // then
    Launch launch = attempt.launch().orElseThrow();
    assertThat(launch.environment()).containsValue(ScratchHome.KEY);
    assertThat(launch.argv()).noneMatch(argument -> argument.contains("sk-secret"));
    assertThat(attempt.executed()).noneMatch(argument -> argument.contains("sk-secret"));
    assertThat(attempt.masking().mask("Bearer " + ScratchHome.KEY)).doesNotContain("sk-secret");
  }

  @Test
  void doesNotStartWithoutTheKeyThatTheConfigNames() throws Exception {
    // given
    Path keys = stage.scratch.home.secretsFile();
    Files.createDirectories(keys.getParent());
    Files.writeString(keys, "GONE_API_KEY=x\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    Run run = stage.accept(RunStageFixture.BASE + "  api_key_env_var: GONE_API_KEY\n").run(0);
    Files.delete(keys);
    // when
    Attempt attempt = stage.launches().attempt(task(run), 1);
    // then
    assertThat(attempt.launch()).isEmpty();
    assertThat(attempt.refusal()).contains(Judgment.notStarted("$GONE_API_KEY is not set"));
  }

  @Test
  void saysWhatIsWrongWithAKeyThatCannotBeSent() throws Exception {
    // given
    Path keys = stage.scratch.home.secretsFile();
    Files.createDirectories(keys.getParent());
    Files.writeString(keys, "ODD_API_KEY=sk-1\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    Run run = stage.accept(RunStageFixture.BASE + "  api_key_env_var: ODD_API_KEY\n").run(0);
    Files.writeString(keys, "ODD_API_KEY=sk-größer\n");
    // when
    Attempt attempt = stage.launches().attempt(task(run), 1);
    // then
    assertThat(attempt.launch()).isEmpty();
    assertThat(refusal(attempt))
        .startsWith("aiperf could not be started: the value of ODD_API_KEY ")
        .doesNotContain("sk-");
  }

  @Test
  void passesTheInputFileThatWasFoundAtAcceptance() throws Exception {
    // given
    Files.createDirectories(stage.scratch.home.datasets());
    Path file =
        Files.writeString(stage.scratch.home.datasets().resolve("d.jsonl"), "{\"text\": \"a\"}\n");
    Run run =
        stage
            .accept(
                RunStageFixture.BASE
                    + "  input_file: d.jsonl\n  custom_dataset_type: single_turn\n")
            .run(0);
    // then
    assertThat(launch(run).argv())
        .containsSubsequence("--input-file", file.toRealPath().toString());
  }

  @Test
  void startsNoRunWhoseInputFileHasChanged() throws Exception {
    // given
    Files.createDirectories(stage.scratch.home.datasets());
    Path file = stage.scratch.home.datasets().resolve("d.jsonl");
    Files.writeString(file, "{\"text\": \"a\"}\n");
    Run run = stage.accept(RunStageFixture.BASE + "  input_file: d.jsonl\n").run(0);
    assertThat(launch(run)).isNotNull();
    // when
    Files.writeString(file, "{\"text\": \"b\"}\n");
    Attempt attempt = stage.launches().attempt(task(run), 1);
    Files.writeString(file, "{\"text\": \"a\"}\n");
    // then
    assertThat(attempt.launch()).isEmpty();
    assertThat(refusal(attempt))
        .startsWith("the input file " + file + " has changed since the config was accepted");
    assertThat(launch(run)).isNotNull();
    Files.delete(file);
    assertThat(refusal(stage.launches().attempt(task(run), 1))).contains("cannot be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"changed", "absolute", "gone", "a folder"})
  void startsNoRunOfADatasetThatNamesAChangedFile(String how) throws Exception {
    // given
    Path datasets = Files.createDirectories(stage.scratch.home.datasets());
    Path picture = Files.writeString(datasets.resolve("a.png"), "PNG");
    Path name = how.equals("absolute") ? picture : picture.getFileName();
    Path file = datasets.resolve("d.jsonl");
    Files.writeString(file, "{\"text\": \"a\"}\n{\"images\": [\"" + name + "\"]}\n");
    Run run = stage.accept(RunStageFixture.BASE + "  input_file: d.jsonl\n").run(0);
    assertThat(launch(run)).isNotNull();
    // when
    if (how.equals("gone") || how.equals("a folder")) {
      Files.delete(picture);
    } else {
      Files.writeString(picture, "GIF");
    }
    if (how.equals("a folder")) {
      Files.createDirectory(picture);
    }
    // then
    Attempt attempt = stage.launches().attempt(task(run), 1);
    assertThat(attempt.refusal()).map(Judgment::cause).contains("rejected_dataset");
    assertThat(refusal(attempt)).contains(how.equals("gone") ? "a.png" : file.toString());
  }

  @Test
  void endsARunWhoseDatasetHasChangedForGood() throws Exception {
    // given
    Path datasets = Files.createDirectories(stage.scratch.home.datasets());
    Path file = Files.writeString(datasets.resolve("d.jsonl"), "{\"text\": \"a\"}\n");
    Run run = stage.accept(RunStageFixture.BASE + "  input_file: d.jsonl\n").run(0);
    Files.writeString(file, "{\"text\": \"b\"}\n");
    // when
    RunReport report = stage.execute(run);
    // then
    assertThat(report.kind()).isEqualTo(RunReport.Kind.ENDED);
    assertThat(RunStageFixture.head(run).cause()).isEqualTo("rejected_dataset");
    assertThat(RunStageFixture.head(run).isFinal()).isTrue();
    assertThat(RunStageFixture.head(run).reasons().get(0))
        .startsWith("the input file " + file + " has changed");
  }

  @Test
  void startsARunBesideTheDatasetWhoseFilesItNeeds() throws Exception {
    // given
    Path datasets = Files.createDirectories(stage.scratch.home.datasets().resolve("pictures"));
    Files.writeString(datasets.resolve("a.png"), "PNG");
    Files.writeString(datasets.resolve("d.jsonl"), "{\"image\": \"a.png\"}\n");
    Path tokenizer = Files.createDirectories(stage.scratch.home.root().resolve("tok"));
    String input = "  tokenizer: tok\n  input_file: pictures/d.jsonl\n";
    Run run = stage.accept(RunStageFixture.BASE + input).run(0);
    // when
    Launch launch = launch(run);
    // then
    assertThat(launch.directory()).isEqualTo(datasets);
    assertThat(launch.environment()).containsEntry("PYTHONSAFEPATH", "1");
    assertThat(launch.argv()).containsSubsequence("--tokenizer", tokenizer.toString());
  }

  private static String refusal(Attempt attempt) {
    return attempt.refusal().orElseThrow().reasons().get(0);
  }

  private Launch launch(Run run) {
    return stage.launches().attempt(task(run), 1).launch().orElseThrow();
  }

  private static RunTask task(Run run) {
    return new RunTask(
        RunStageFixture.order(run), run, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
