package dev.caravan.pipeline.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.storage.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which prompts a service has seen before in a batch. */
class EarlierPromptsTest extends RunStageTestBase {

  private static final String SWEEP =
      "sweeps: {url: ['http://127.0.0.1:9', 'http://127.0.0.1:19'], concurrency: [1, 2]}\n";

  private final EarlierPrompts prompts = new EarlierPrompts();

  @Test
  void areThoseOfEarlierRunsOnTheSameService() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + SWEEP);
    // when
    stage.execute(batch.run(0));
    // then
    assertThat(prompts.of(batch.run(0), 1)).isEmpty();
    assertThat(prompts.of(batch.run(1), 1)).containsEntry(digest(batch.run(0)), "run 1");
    assertThat(prompts.of(batch.run(2), 1)).isEmpty();
  }

  @Test
  void areThoseOfTheAttemptBefore() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE).run(0);
    stage.execute(run);
    String digest = digest(run);
    // when
    new AttemptArchive(stage.scratch.files).setAside(run);
    // then
    assertThat(prompts.of(run, 2)).containsEntry(digest, "attempt 1");
  }

  @Test
  void areThoseThatARunHasNow() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + SWEEP);
    stage.execute(batch.run(0));
    String before = digest(batch.run(0));
    assertThat(prompts.of(batch.run(1), 1)).containsOnlyKeys(before);
    // when: it runs again, with other prompts
    RunFolder folder = new RunFolder(batch.run(0).folder());
    String environment = Files.readString(folder.environment());
    stage.scratch.files.writeWhole(
        folder.environment(), environment.replace(before, "f".repeat(64)).getBytes(UTF_8));
    // then
    assertThat(prompts.of(batch.run(1), 1)).containsOnlyKeys("f".repeat(64));
    // when: its result is set aside
    new AttemptArchive(stage.scratch.files).setAside(batch.run(0));
    // then
    assertThat(prompts.of(batch.run(1), 1)).isEmpty();
  }

  @Test
  void areThoseOfAFileThatCouldNotBeReadBefore() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + SWEEP);
    stage.execute(batch.run(0));
    Path file = new RunFolder(batch.run(0).folder()).environment();
    byte[] environment = Files.readAllBytes(file);
    FileTime written = Files.getLastModifiedTime(file);
    Files.setLastModifiedTime(Files.writeString(file, "unreadable"), written);
    assertThat(prompts.of(batch.run(1), 1)).isEmpty();
    // when
    Files.setLastModifiedTime(Files.write(file, environment), written);
    // then
    assertThat(prompts.of(batch.run(1), 1)).containsOnlyKeys(digest(batch.run(0)));
  }

  @Test
  void readsAFileOnce() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + SWEEP);
    stage.execute(batch.run(0));
    Path file = new RunFolder(batch.run(0).folder()).environment();
    FileTime written = Files.getLastModifiedTime(file);
    Map<String, String> first = prompts.of(batch.run(1), 1);
    // when: its content is gone, which its key and its time do not tell
    Files.setLastModifiedTime(Files.writeString(file, "unreadable"), written);
    // then
    assertThat(prompts.of(batch.run(1), 1)).isEqualTo(first).isNotEmpty();
  }

  @Test
  void readsAFileThatNamesNoPromptsOnce() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + SWEEP);
    stage.execute(batch.run(0));
    Path file = new RunFolder(batch.run(0).folder()).environment();
    String environment = Files.readString(file);
    FileTime written = Files.getLastModifiedTime(file);
    String without = environment.replace(digest(batch.run(0)), "");
    Files.setLastModifiedTime(Files.writeString(file, without), written);
    assertThat(prompts.of(batch.run(1), 1)).isEmpty();
    // when: it names some, which its key and its time do not tell
    Files.setLastModifiedTime(Files.writeString(file, environment), written);
    // then
    assertThat(prompts.of(batch.run(1), 1)).isEmpty();
  }

  @Test
  void areNoneIfEveryRunHasPromptsOfItsOwn() throws Exception {
    // given
    Batch batch = stage.accept("vary_prompts: true\n" + RunStageFixture.BASE + SWEEP);
    // when
    stage.execute(batch.run(0));
    // then
    assertThat(prompts.of(batch.run(1), 1)).isEmpty();
  }

  @Test
  void areNotThoseOfRunsThatAreExcluded() throws Exception {
    // given
    Batch batch =
        stage.accept(
            RunStageFixture.BASE + "sweeps: {concurrency: [1, 2]}\nexclude: [{concurrency: 1}]\n");
    // when
    stage.execute(batch.run(1));
    // then
    assertThat(RunStageFixture.head(batch.run(1)).status().value()).isEqualTo("succeeded");
    assertThat(prompts.of(batch.run(1), 1)).isEmpty();
  }

  @Test
  void areNotedInTheResult() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + SWEEP);
    // when
    stage.execute(batch.run(0));
    stage.execute(batch.run(1));
    // then
    assertThat(RunStageFixture.head(batch.run(1)).checks().findings())
        .filteredOn(finding -> finding.id().equals("cache"))
        .extracting(Finding::message)
        .containsExactly(
            "the prompts are the same as in run 1; a prefix cache would hold them already");
  }

  private static String digest(Run run) {
    return Environment.read(new RunFolder(run.folder()).environment())
        .orElseThrow()
        .promptsSha256();
  }
}
