package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch waits for its runs that are executed again, and counts each once. */
class RepeatedRunsTest {

  @TempDir private Path folder;
  private RecordedBatch batch;

  @BeforeEach
  void accept() throws Exception {
    batch = new RecordedBatch(folder);
  }

  @Test
  void countsARunOnceWhoseResultIsFoundAfterAll() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.report(2, Kind.INTERNAL_ERROR);
    batch.ended(2, Outcome.SUCCEEDED, "");
    // when
    batch.ended(0, Outcome.SUCCEEDED, "");
    boolean early = results.whenFinished().isDone();
    batch.ended(1, Outcome.SUCCEEDED, "");
    // then
    assertThat(early).isFalse();
    assertThat(batch.summary().finishedAt()).isPresent();
    assertThat(batch.scratch.open.entries()).isEmpty();
  }

  @Test
  void countsARunOnceThatReportsAnErrorAfterItsResult() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    // when
    batch.report(1, Kind.INTERNAL_ERROR);
    boolean early = results.whenFinished().isDone();
    batch.ended(2, Outcome.SUCCEEDED, "");
    // then
    assertThat(early).isFalse();
    assertThat(batch.summary().finishedAt()).isPresent();
    assertThat(batch.scratch.open.entries()).isEmpty();
  }

  @Test
  void waitsForARunThatIsRepeatedAfterItsResultCouldNotBeWritten() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.report(2, Kind.INTERNAL_ERROR);
    Files.createDirectories(batch.run(2).folder());
    batch.recorder.reopen(batch.run(2));
    // when
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    // then
    assertThat(results.whenFinished()).isNotDone();
  }

  @Test
  void waitsForARunThatIsRepeatedBeforeTheReportOnItsLastAttempt() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.FAILED, "crashed");
    batch.recorder.reopen(batch.run(1));
    // when: once more, and late
    batch.report(1, Kind.ENDED);
    batch.ended(2, Outcome.SUCCEEDED, "");
    batch.report(1, Kind.ENDED);
    // then
    assertThat(results.whenFinished()).isNotDone();
    // when
    batch.ended(1, Outcome.SUCCEEDED, "");
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(batch.summary().counters().of(Outcome.SUCCEEDED)).isEqualTo(3);
  }

  @Test
  void endsABatchWhoseRepeatedRunLeftAResultThatCannotBeRead() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.FAILED, "crashed");
    batch.recorder.reopen(batch.run(1));
    batch.ended(2, Outcome.SUCCEEDED, "");
    // when
    Files.writeString(new RunFolder(batch.run(1).folder()).processResult(), "{");
    batch.report(1, Kind.ENDED);
    // then
    assertThat(batch.recorder.find(batch.folder())).isEmpty();
    assertThat(results.allWritten()).isFalse();
  }

  @Test
  void goesOnWithACancelledBatchThatIsRetriedBeforeItsEndCouldBeWritten() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.diskFull = true;
    batch.recorder.cancelRest(batch.accepted, "by ann");
    batch.diskFull = false;
    // when
    batch.recorder.begin(batch.accepted);
    batch.recorder.refresh();
    batch.ended(1, Outcome.SUCCEEDED, "");
    // then
    assertThat(results.whenFinished()).isNotDone();
    assertThat(batch.scratch.open.entries()).hasSize(1);
    // when
    batch.ended(2, Outcome.SUCCEEDED, "");
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(batch.summary().counters().of(Outcome.SUCCEEDED)).isEqualTo(3);
  }
}
