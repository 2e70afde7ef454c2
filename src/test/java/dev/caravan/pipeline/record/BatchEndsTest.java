package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a batch is finished, and when it leaves the list of open batches. */
class BatchEndsTest {

  @TempDir private Path folder;
  private RecordedBatch batch;

  @BeforeEach
  void accept() throws Exception {
    batch = new RecordedBatch(folder);
  }

  @Test
  void finishesTheBatchOnceWithItsLastRun() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.DEGRADED, "");
    assertThat(results.whenFinished()).isNotDone();
    // when
    batch.ended(2, Outcome.CANCELLED, "");
    batch.ended(2, Outcome.CANCELLED, "");
    batch.recorder.refresh();
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(batch.written).containsExactly("results.csv", "summary.json");
    assertThat(batch.summary().finishedAt()).isPresent();
    assertThat(batch.summary().degraded()).containsExactly("concurrency2");
    assertThat(batch.scratch.open.entries()).isEmpty();
  }

  @Test
  void finishesABatchThatLacksOnlyItsSummary() throws Exception {
    // given
    OpenResults results = batch.follow();
    for (int i = 0; i < 3; i++) {
      batch.write(i, Outcome.SUCCEEDED, "", true);
    }
    // when
    for (int i = 0; i < 3; i++) {
      batch.recorder.recordIfDone(batch.run(i));
    }
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(batch.summary().finishedAt()).isPresent();
    assertThat(batch.scratch.open.entries()).isEmpty();
  }

  @Test
  void finishesABatchOnceThatIsCancelledDuringItsLastRun() throws Exception {
    // given
    batch.follow();
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    batch.ended(2, Outcome.CANCELLED, "");
    // when
    batch.recorder.cancelRest(batch.accepted, "by ann");
    // then
    assertThat(batch.written).containsExactly("results.csv", "summary.json");
  }

  @Test
  void leavesABatchFinishedThatALateReportEndedWhileItsRunsWereLookedAt() throws Exception {
    // given
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    batch.ended(2, Outcome.SUCCEEDED, "");
    // when
    Optional<Head> last = batch.recorder.recordIfDone(batch.run(2));
    batch.recorder.refresh();
    // then
    assertThat(last).get().returns(true, Head::isFinal);
    assertThat(batch.summary().finishedAt()).isPresent();
    assertThat(batch.rows()).hasSize(3);
  }

  @Test
  void neverOverwritesTheEndOfABatchByASlowRefresh() throws Exception {
    // given
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    AtomicReference<CompletableFuture<Void>> last = new AtomicReference<>();
    batch.meanwhile =
        () -> {
          last.set(CompletableFuture.runAsync(this::endLastRun));
          last.get().completeOnTimeout(null, 500, TimeUnit.MILLISECONDS).join();
        };
    // when
    batch.recorder.refresh();
    await().until(() -> batch.scratch.open.entries().isEmpty());
    // then
    assertThat(batch.summary().finishedAt()).isPresent();
  }

  private void endLastRun() {
    try {
      batch.ended(2, Outcome.SUCCEEDED, "");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void writesTheEndOfABatchOnceTheDiskHasSpace() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    batch.diskFullAtTheEnd = true;
    batch.ended(2, Outcome.SUCCEEDED, "");
    assertThat(batch.scratch.open.entries()).hasSize(1);
    assertThat(results.whenFinished()).isNotDone();
    // when
    batch.diskFull = false;
    batch.recorder.refresh();
    // then
    assertThat(batch.summary().finishedAt()).isPresent();
    assertThat(batch.scratch.open.entries()).isEmpty();
    assertThat(results.whenFinished()).isCompleted();
  }

  @Test
  void closesABatchOnceItsConfigIsArchived() throws Exception {
    // given
    String claimed = batch.accepted.record().claimId() + "__c.yaml";
    Path waiting =
        Files.writeString(batch.scratch.home.claimed().resolve(claimed), "not archived yet");
    for (int run = 0; run < 3; run++) {
      batch.ended(run, Outcome.SUCCEEDED, "");
    }
    assertThat(batch.summary().finishedAt()).isPresent();
    assertThat(batch.scratch.open.entries()).hasSize(1);
    // when
    Files.delete(waiting);
    batch.recorder.refresh();
    // then
    assertThat(batch.scratch.open.entries()).isEmpty();
  }

  @Test
  void leavesABatchOpenWhenAResultCouldNotBeWritten() throws Exception {
    // given
    OpenResults results = batch.follow();
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    // when
    batch.report(2, Kind.INTERNAL_ERROR);
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(batch.summary().finishedAt()).isEmpty();
    assertThat(batch.scratch.open.entries())
        .extracting(OpenBatches.Entry::claimId)
        .containsExactly(batch.accepted.record().claimId());
  }
}
