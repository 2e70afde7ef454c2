package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of a batch whose folder cannot be written, such as after a change of its owner. */
class UnwritableBatchTest {

  @TempDir private Path folder;
  private Optional<Path> refused = Optional.empty();
  private RunStageFixture stage;
  private Batch batch;

  @BeforeEach
  void open() throws Exception {
    stage = new RunStageFixture(folder, new RefusingDisk());
    batch = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1, 2, 3]}\n");
  }

  @AfterEach
  void close() throws IOException {
    stage.close();
  }

  @Test
  void isTroubleOfTheBatchThatIsToldOnceAndTriedLessAndLess() throws Exception {
    // given
    refused = Optional.of(batch.folder());
    String why = "cannot write into " + batch.folder() + ": permission denied";
    try (CapturedLog log = CapturedLog.of("dev.caravan.pipeline.run")) {
      // when
      List<RunReport> reports = new ArrayList<>();
      for (int n = 0; n < 30; n++) {
        reports.add(failed(batch.run(n % 3)));
      }
      // then
      assertThat(reports).extracting(RunReport::kind).containsOnly(Kind.RETRY);
      assertThat(reports).extracting(RunReport::scope).containsOnly(Scope.BATCH);
      assertThat(reports).extracting(RunReport::message).containsOnly(why);
      assertThat(reports)
          .extracting(RunReport::retryAfterMillis)
          .startsWith(0L, 1000L, 2000L, 4000L)
          .endsWith(60_000L);
      assertThat(log.lines()).containsExactly("[" + batch.id() + "] Its runs wait: " + why);
      assertThat(stage.runs.trouble()).contains(why);
    }
  }

  @Test
  void endsWithOneLineAndIsNotHeldAgainstItsRuns() throws Exception {
    // given
    refused = Optional.of(batch.folder());
    for (int n = 0; n < 30; n++) {
      failed(batch.run(0));
    }
    refused = Optional.empty();
    try (CapturedLog log = CapturedLog.of(UnwritableBatches.class)) {
      // when
      RunReport report = stage.execute(batch.run(0));
      stage.execute(batch.run(1));
      // then
      assertThat(report.kind()).isEqualTo(Kind.ENDED);
      assertThat(RunStageFixture.head(batch.run(0)).attempt()).isEqualTo(1);
      assertThat(log.lines())
          .containsExactly(
              "[%s] Its runs continue: %s can be written again"
                  .formatted(batch.id(), batch.folder()));
      assertThat(stage.runs.trouble()).isEmpty();
    }
  }

  @Test
  void keepsTheReasonOfAnAttemptWhoseResultCouldNotBeWritten() throws Exception {
    // given
    Run run = batch.run(0);
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(run)));
    ProcessExit exit = stage.start(attempt);
    refused = Optional.of(batch.folder());
    // when
    IOException failure = thrownBy(() -> stage.runs.finish(attempt, exit));
    RunReport report = stage.runs.internalError(RunStageFixture.order(run), failure);
    refused = Optional.empty();
    stage.execute(run);
    // then
    assertThat(report.scope()).isEqualTo(Scope.BATCH);
    assertThat(run.folder().resolve("attempts/1/process_result.json"))
        .content()
        .contains("\"lost\"", "its files could not be read or written: ");
    assertThat(RunStageFixture.head(run).isFinal()).isTrue();
  }

  @Test
  void isNoTroubleOfTheBatchWhenOnlyTheFolderOfTheRunRefuses() throws Exception {
    // given
    refused = Optional.of(batch.run(0).folder());
    // when
    RunReport report = failed(batch.run(0));
    // then
    assertThat(report.kind()).isEqualTo(Kind.RETRY);
    assertThat(report.scope()).isEqualTo(Scope.RUN);
    assertThat(stage.runs.trouble()).isEmpty();
    assertThat(stage.execute(batch.run(1)).kind()).isEqualTo(Kind.ENDED);
  }

  @Test
  void isNoTroubleOfTheBatchWhenTheDiskOfAWorkerRefuses() throws Exception {
    // given
    refused = Optional.of(batch.folder());
    ScratchHome home = stage.scratch;
    Run run = batch.run(0);
    // when, then
    assertThat(report(home.runFolders("w1"), run)).isEmpty();
    assertThat(report(home.runFolders(), run)).isPresent();
  }

  private static Optional<RunReport> report(RunFolderWriter files, Run run) {
    return new UnwritableBatches(files).report(RunStageFixture.order(run), run);
  }

  /** What the error route reports on a run that fails on the disk. */
  private RunReport failed(Run run) throws Exception {
    return stage.runs.internalError(RunStageFixture.order(run), thrownBy(() -> stage.execute(run)));
  }

  private interface Step {
    void run() throws Exception;
  }

  private static IOException thrownBy(Step step) {
    return catchThrowableOfType(IOException.class, step::run);
  }

  private final class RefusingDisk extends DurableFiles {

    @Override
    public void writeWhole(Path file, byte[] content) throws IOException {
      refuse(file);
      super.writeWhole(file, content);
    }

    @Override
    public void createDirectories(Path created) throws IOException {
      refuse(created);
      super.createDirectories(created);
    }

    private void refuse(Path path) throws IOException {
      if (refused.filter(path::startsWith).isPresent()) {
        throw new AccessDeniedException(path.toString());
      }
    }
  }
}
