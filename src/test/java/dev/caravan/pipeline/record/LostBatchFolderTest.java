package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch whose folder is deleted, cannot be read for a while, or lies on a disk that is gone. */
class LostBatchFolderTest {

  @TempDir private Path folder;
  private RecordedBatch batch;

  @BeforeEach
  void accept() throws Exception {
    batch = new RecordedBatch(folder);
  }

  @Test
  void endsABatchWhoseFolderIsDeleted() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.scratch.files.delete(batch.folder());
    // when
    allInternalErrors();
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(batch.scratch.open.entries()).isEmpty();
    assertThat(batch.folder()).doesNotExist();
  }

  @Test
  void triesTheEndOfABatchWhoseFolderIsDeletedAgain() throws Exception {
    // given
    OpenResults results = batch.follow();
    AtomicReference<String> trouble = new AtomicReference<>("No space left on device");
    batch.listeners.add(
        change -> {
          if (change instanceof PipelineChange.Finished && trouble.get() != null) {
            throw new IOException(trouble.get());
          }
        });
    batch.scratch.files.delete(batch.folder());
    try (CapturedLog log = CapturedLog.of(BatchEnds.class)) {
      // when
      allInternalErrors();
      for (int again = 0; again < 5; again++) {
        batch.recorder.refresh();
      }
      // then
      assertThat(results.whenFinished()).isNotDone();
      assertThat(batch.scratch.open.entries()).hasSize(1);
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0)).contains("Cannot publish the end", "No space left on device");
      // when
      trouble.set(null);
      batch.recorder.refresh();
      // then
      assertThat(results.whenFinished()).isCompleted();
      assertThat(batch.scratch.open.entries()).isEmpty();
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(1)).contains("its folder was deleted or replaced");
    }
  }

  @Test
  void goesOnWithABatchWhoseFolderIsReadableAgain() throws Exception {
    // given: its parent leads nowhere for a while
    OpenResults results = batch.follow();
    Path parent = batch.folder().getParent();
    Path hidden = Files.move(parent, parent.resolveSibling("hidden"));
    Files.createSymbolicLink(parent, parent);
    // when
    allInternalErrors();
    batch.recorder.refresh();
    // then
    assertThat(results.whenFinished()).isNotDone();
    assertThat(batch.scratch.open.entries()).hasSize(1);
    // when
    Files.delete(parent);
    Files.move(hidden, parent);
    batch.recorder.refresh();
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(batch.summary().finishedAt()).isEmpty();
    assertThat(batch.scratch.open.entries()).hasSize(1);
  }

  @Test
  void keepsABatchOnTheListWhenItsDiskIsNotMounted() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.scratch.files.delete(batch.folder().getParent());
    // when
    allInternalErrors();
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(batch.scratch.open.entries()).hasSize(1);
  }

  private void allInternalErrors() {
    for (int run = 0; run < batch.size(); run++) {
      batch.report(run, Kind.INTERNAL_ERROR);
    }
  }
}
