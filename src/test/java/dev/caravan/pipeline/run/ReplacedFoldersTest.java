package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders and files of a run that something removes or takes the place of. */
class ReplacedFoldersTest extends RunStageTestBase {

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
}
