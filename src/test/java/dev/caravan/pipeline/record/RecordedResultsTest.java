package dev.caravan.pipeline.record;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the summary and the rows of a batch hold while its runs end. */
class RecordedResultsTest {

  @TempDir private Path folder;
  private RecordedBatch batch;

  @BeforeEach
  void accept() throws Exception {
    batch = new RecordedBatch(folder);
  }

  @Test
  void keepsCountsAndOneRowPerRun() throws Exception {
    // when
    batch.ended(2, Outcome.FAILED, "crashed");
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.recorder.refresh();
    // then
    BatchSummary summary = batch.summary();
    assertThat(summary.batchId()).isEqualTo(batch.accepted.id());
    assertThat(summary.total()).isEqualTo(3);
    assertThat(summary.counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(summary.counters().of(Outcome.FAILED)).isEqualTo(1);
    assertThat(summary.finishedAt()).isEmpty();
    assertThat(batch.rows())
        .extracting(row -> row.runIndex() + " " + row.folder() + " " + row.cause())
        .containsExactly("0 concurrency1 ", "2 concurrency3 crashed");
  }

  @Test
  void countsARunOnce() throws Exception {
    // when
    batch.ended(0, Outcome.FAILED, "crashed");
    batch.ended(0, Outcome.FAILED, "crashed");
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.recorder.refresh();
    // then
    assertThat(batch.summary().counters().ended()).isEqualTo(1);
    assertThat(batch.rows()).extracting(ResultRow::outcome).containsExactly(Outcome.SUCCEEDED);
  }

  @Test
  void recordsRunsThatAreAlreadyDone() throws Exception {
    // given
    batch.write(0, Outcome.SUCCEEDED, "", true);
    batch.write(1, Outcome.FAILED, "lost", false);
    // then
    assertThat(batch.recorder.recordIfDone(batch.run(0))).get().returns(true, Head::isFinal);
    assertThat(batch.recorder.recordIfDone(batch.run(1))).get().returns(false, Head::isFinal);
    assertThat(batch.recorder.recordIfDone(batch.run(2))).isEmpty();
    batch.recorder.refresh();
    assertThat(batch.summary().counters().ended()).isEqualTo(1);
  }

  @Test
  void trustsTheRunFolderRatherThanTheReport() throws Exception {
    // when: the folder of run 0 has no final result
    batch.write(0, Outcome.FAILED, "lost", false);
    batch.report(0, Kind.ENDED);
    batch.report(1, Kind.ENDED);
    batch.recorder.refresh();
    // then
    assertThat(batch.written).isEmpty();
  }

  @Test
  void ignoresRunsThatDidNotStartOrWereStopped() throws Exception {
    // when
    batch.report(0, Kind.NOT_READY);
    batch.report(0, Kind.STOPPED);
    batch.recorder.refresh();
    // then
    assertThat(batch.written).isEmpty();
  }

  @Test
  void ignoresReportsOnUnknownBatches() throws Exception {
    // when
    batch.recorder.record(RunReport.on(RunOrder.execute("x", "/nowhere", 0), Kind.ENDED, ""));
    // then
    assertThat(names(batch.folder())).containsExactly("batch.json", "config.yaml");
  }

  @Test
  void rewritesOnlyWhatHasChanged() throws Exception {
    // given
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.recorder.refresh();
    batch.written.clear();
    // when
    batch.recorder.refresh();
    boolean idle = batch.written.isEmpty();
    batch.ended(1, Outcome.SUCCEEDED, "");
    batch.recorder.refresh();
    // then
    assertThat(idle).isTrue();
    assertThat(batch.written).containsExactly("results.csv", "summary.json");
  }

  @Test
  void updatesTheSummaryAtShutdownWithoutAReport() throws Exception {
    // given
    batch.follow();
    batch.write(1, Outcome.FAILED, "crashed", true);
    // when
    batch.recorder.catchUp();
    batch.recorder.catchUp();
    // then
    assertThat(batch.written).containsExactly("results.csv", "summary.json");
    assertThat(batch.summary().counters().of(Outcome.FAILED)).isEqualTo(1);
    assertThat(batch.summary().finishedAt()).isEmpty();
    assertThat(batch.scratch.open.entries()).hasSize(1);
  }

  @Test
  void retriesAWriteAfterAFullDisk() throws Exception {
    // given
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.diskFull = true;
    batch.recorder.refresh();
    // when
    batch.diskFull = false;
    batch.recorder.refresh();
    // then
    assertThat(batch.summary().counters().ended()).isEqualTo(1);
  }

  @Test
  void writesOverFoldersInPlaceOfItsFiles() throws Exception {
    // given
    for (String name : List.of("summary.json", "results.csv")) {
      Files.createDirectories(batch.folder().resolve(name).resolve("below"));
    }
    // when
    for (int run = 0; run < batch.size(); run++) {
      batch.ended(run, Outcome.SUCCEEDED, "");
    }
    // then
    assertThat(batch.summary().finishedAt()).isPresent();
    assertThat(batch.rows()).hasSize(3);
    assertThat(batch.scratch.open.entries()).isEmpty();
  }
}
