package dev.caravan.pipeline.record;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.outcome.ReturnCodes;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-24T14:02:54+01:00");

  @TempDir private Path folder;
  private final List<String> written = new ArrayList<>();
  private Runnable meanwhile = () -> {};
  private boolean diskFull;
  private boolean diskFullAtTheEnd;
  private ScratchHome scratch;
  private final PipelineListeners listeners = new PipelineListeners();
  private Recorder recorder;
  private Batch batch;

  @BeforeEach
  void setUp() throws Exception {
    scratch = new ScratchHome(folder);
    batch = scratch.accept(FixedRules.BASE + "sweeps: {concurrency: [1, 2, 3]}\n");
    for (Path claimed : scratch.files.list(scratch.home.claimed())) {
      Files.delete(claimed);
    }
    DurableFiles files = new ObservedFiles();
    recorder =
        new Recorder(
            files,
            scratch.open,
            new ScratchHome(folder, files).runFolders(),
            listeners,
            BatchHooks.NONE);
    recorder.begin(batch);
  }

  private final class ObservedFiles extends DurableFiles {
    @Override
    public void writeWhole(Path file, byte[] content) throws IOException {
      diskFull |= diskFullAtTheEnd && file.endsWith("results.csv");
      diskFullAtTheEnd &= !diskFull;
      if (diskFull) {
        throw new IOException("No space left on device");
      }
      if (file.endsWith("summary.json")) {
        Runnable once = meanwhile;
        meanwhile = () -> {};
        once.run();
      }
      written.add(file.getFileName().toString());
      super.writeWhole(file, content);
    }
  }

  @Test
  void leavesABatchFinishedThatALateReportEndedWhileItsRunsWereLookedAt() throws Exception {
    // given
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    ended(2, Outcome.SUCCEEDED, "");
    // when
    boolean done = recorder.recordIfDone(batch.run(2));
    recorder.refresh();
    // then
    assertThat(done).isTrue();
    assertThat(summary().finishedAt()).isPresent();
    assertThat(rows()).hasSize(3);
  }

  @Test
  void keepsCountsAndOneRowPerRun() throws Exception {
    // when
    ended(2, Outcome.FAILED, "crashed");
    ended(0, Outcome.SUCCEEDED, "");
    recorder.refresh();
    // then
    BatchSummary summary = summary();
    assertThat(summary.batchId()).isEqualTo(batch.id());
    assertThat(summary.total()).isEqualTo(3);
    assertThat(summary.counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(summary.counters().of(Outcome.FAILED)).isEqualTo(1);
    assertThat(summary.finishedAt()).isEmpty();
    assertThat(rows())
        .extracting(row -> row.runIndex() + " " + row.folder() + " " + row.cause())
        .containsExactly("0 concurrency1 ", "2 concurrency3 crashed");
  }

  @Test
  void writesTheEndOfABatchOnceTheDiskHasSpace() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    diskFullAtTheEnd = true;
    ended(2, Outcome.SUCCEEDED, "");
    assertThat(scratch.open.entries()).hasSize(1);
    assertThat(results.whenFinished()).isNotDone();
    // when
    diskFull = false;
    recorder.refresh();
    // then
    assertThat(summary().finishedAt()).isPresent();
    assertThat(scratch.open.entries()).isEmpty();
    assertThat(results.whenFinished()).isCompleted();
  }

  @Test
  void goesOnWithACancelledBatchThatIsRetriedBeforeItsEndCouldBeWritten() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    ended(0, Outcome.SUCCEEDED, "");
    diskFull = true;
    recorder.cancelRest(batch, "by ann");
    diskFull = false;
    // when
    recorder.begin(batch);
    recorder.refresh();
    ended(1, Outcome.SUCCEEDED, "");
    // then
    assertThat(results.whenFinished()).isNotDone();
    assertThat(scratch.open.entries()).hasSize(1);
    // when
    ended(2, Outcome.SUCCEEDED, "");
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(summary().counters().of(Outcome.SUCCEEDED)).isEqualTo(3);
  }

  @Test
  void tellsOfEachReportOnceItIsRecordedAndOfTheEndOnce() throws Exception {
    // given
    List<String> told = new ArrayList<>();
    listeners.add(change -> told.add(change.getClass().getSimpleName()));
    // when
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    told.clear();
    ended(2, Outcome.SUCCEEDED, "");
    recorder.record(report(2, Kind.ENDED));
    // then
    assertThat(told)
        .containsExactly("Ended", "ResultsChanged", "Finished", "Closed", "Reported", "Reported");
  }

  @Test
  void closesABatchOnceItsConfigIsArchived() throws Exception {
    // given
    String claimed = batch.record().claimId() + "__c.yaml";
    Path waiting = Files.writeString(scratch.home.claimed().resolve(claimed), "not archived yet");
    for (int run = 0; run < 3; run++) {
      ended(run, Outcome.SUCCEEDED, "");
    }
    assertThat(summary().finishedAt()).isPresent();
    assertThat(scratch.open.entries()).hasSize(1);
    // when
    Files.delete(waiting);
    recorder.refresh();
    // then
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void neverOverwritesTheEndOfABatchByASlowRefresh() throws Exception {
    // given
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    AtomicReference<CompletableFuture<Void>> last = new AtomicReference<>();
    meanwhile =
        () -> {
          last.set(CompletableFuture.runAsync(this::endLastRun));
          last.get().completeOnTimeout(null, 500, TimeUnit.MILLISECONDS).join();
        };
    // when
    recorder.refresh();
    await().until(() -> scratch.open.entries().isEmpty());
    // then
    assertThat(summary().finishedAt()).isPresent();
  }

  @Test
  void tellsOfTheEndOnceWhenARefreshWaitedForIt() throws Exception {
    // given
    List<String> told = new ArrayList<>();
    listeners.add(change -> told.add(change.getClass().getSimpleName()));
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    Thread refresh = new Thread(recorder::refresh);
    // when
    synchronized (recorder) {
      refresh.start();
      await().until(() -> refresh.getState() == Thread.State.BLOCKED);
      ended(2, Outcome.SUCCEEDED, "");
    }
    refresh.join();
    // then
    assertThat(told).containsOnlyOnce("Finished", "Closed");
  }

  private void endLastRun() {
    try {
      ended(2, Outcome.SUCCEEDED, "");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void notifiesOfTheEndWithoutHoldingTheLock() throws Exception {
    // given
    List<Boolean> held = new ArrayList<>();
    recorder.follow(batch).whenFinished().thenRun(() -> held.add(Thread.holdsLock(recorder)));
    // when
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    ended(2, Outcome.SUCCEEDED, "");
    // then
    assertThat(held).containsExactly(false);
  }

  @Test
  void notifiesOfADelayedEndWithoutHoldingTheLock() throws Exception {
    // given
    List<Boolean> held = new ArrayList<>();
    recorder.follow(batch).whenFinished().thenRun(() -> held.add(Thread.holdsLock(recorder)));
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    diskFullAtTheEnd = true;
    ended(2, Outcome.SUCCEEDED, "");
    // when
    diskFull = false;
    recorder.refresh();
    // then
    assertThat(held).containsExactly(false);
  }

  @Test
  void finishesTheBatchOnceWithItsLastRun() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.DEGRADED, "");
    assertThat(results.whenFinished()).isNotDone();
    // when
    ended(2, Outcome.CANCELLED, "");
    ended(2, Outcome.CANCELLED, "");
    recorder.refresh();
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(written).containsExactly("results.csv", "summary.json");
    assertThat(summary().finishedAt()).isPresent();
    assertThat(summary().degraded()).containsExactly("concurrency2");
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void updatesTheSummaryAtShutdownWithoutAReport() throws Exception {
    // given
    recorder.follow(batch);
    write(1, Outcome.FAILED, "crashed", true);
    // when
    recorder.catchUp();
    recorder.catchUp();
    // then
    assertThat(written).containsExactly("results.csv", "summary.json");
    assertThat(summary().counters().of(Outcome.FAILED)).isEqualTo(1);
    assertThat(summary().finishedAt()).isEmpty();
    assertThat(scratch.open.entries()).hasSize(1);
  }

  @Test
  void finishesABatchOnceThatIsCancelledDuringItsLastRun() throws Exception {
    // given
    recorder.follow(batch);
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    ended(2, Outcome.CANCELLED, "");
    // when
    recorder.cancelRest(batch, "by ann");
    // then
    assertThat(written).containsExactly("results.csv", "summary.json");
  }

  @Test
  void countsARunOnce() throws Exception {
    // when
    ended(0, Outcome.FAILED, "crashed");
    ended(0, Outcome.FAILED, "crashed");
    ended(0, Outcome.SUCCEEDED, "");
    recorder.refresh();
    // then
    assertThat(summary().counters().ended()).isEqualTo(1);
    assertThat(rows()).extracting(ResultRow::outcome).containsExactly(Outcome.SUCCEEDED);
  }

  @Test
  void trustsTheRunFolderRatherThanTheReport() throws Exception {
    // when: the folder of run 0 has no final result
    write(0, Outcome.FAILED, "lost", false);
    recorder.record(report(0, Kind.ENDED));
    recorder.record(report(1, Kind.ENDED));
    recorder.refresh();
    // then
    assertThat(written).isEmpty();
  }

  @Test
  void ignoresRunsThatDidNotStartOrWereStopped() throws Exception {
    // when
    recorder.record(report(0, Kind.NOT_READY));
    recorder.record(report(0, Kind.STOPPED));
    recorder.refresh();
    // then
    assertThat(written).isEmpty();
  }

  @Test
  void rewritesOnlyWhatHasChanged() throws Exception {
    // given
    ended(0, Outcome.SUCCEEDED, "");
    recorder.refresh();
    written.clear();
    // when
    recorder.refresh();
    boolean idle = written.isEmpty();
    ended(1, Outcome.SUCCEEDED, "");
    recorder.refresh();
    // then
    assertThat(idle).isTrue();
    assertThat(written).containsExactly("results.csv", "summary.json");
  }

  @Test
  void retriesAWriteAfterAFullDisk() throws Exception {
    // given
    ended(0, Outcome.SUCCEEDED, "");
    diskFull = true;
    recorder.refresh();
    // when
    diskFull = false;
    recorder.refresh();
    // then
    assertThat(summary().counters().ended()).isEqualTo(1);
  }

  @Test
  void recordsRunsThatAreAlreadyDone() throws Exception {
    // given
    write(0, Outcome.SUCCEEDED, "", true);
    write(1, Outcome.FAILED, "lost", false);
    // then
    assertThat(recorder.recordIfDone(batch.run(0))).isTrue();
    assertThat(recorder.recordIfDone(batch.run(1))).isFalse();
    assertThat(recorder.recordIfDone(batch.run(2))).isFalse();
    recorder.refresh();
    assertThat(summary().counters().ended()).isEqualTo(1);
  }

  @Test
  void finishesABatchThatLacksOnlyItsSummary() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    for (int i = 0; i < 3; i++) {
      write(i, Outcome.SUCCEEDED, "", true);
    }
    // when
    for (int i = 0; i < 3; i++) {
      recorder.recordIfDone(batch.run(i));
    }
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(summary().finishedAt()).isPresent();
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void leavesABatchOpenWhenAResultCouldNotBeWritten() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    // when
    recorder.record(report(2, Kind.INTERNAL_ERROR));
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(summary().finishedAt()).isEmpty();
    assertThat(scratch.open.entries())
        .extracting(OpenBatches.Entry::claimId)
        .containsExactly(batch.record().claimId());
  }

  @Test
  void countsARunOnceWhoseResultIsFoundAfterAll() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    recorder.record(report(2, Kind.INTERNAL_ERROR));
    ended(2, Outcome.SUCCEEDED, "");
    // when
    ended(0, Outcome.SUCCEEDED, "");
    boolean early = results.whenFinished().isDone();
    ended(1, Outcome.SUCCEEDED, "");
    // then
    assertThat(early).isFalse();
    assertThat(summary().finishedAt()).isPresent();
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void countsARunOnceThatReportsAnErrorAfterItsResult() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    // when
    recorder.record(report(1, Kind.INTERNAL_ERROR));
    boolean early = results.whenFinished().isDone();
    ended(2, Outcome.SUCCEEDED, "");
    // then
    assertThat(early).isFalse();
    assertThat(summary().finishedAt()).isPresent();
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void waitsForARunThatIsRepeatedAfterItsResultCouldNotBeWritten() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    recorder.record(report(2, Kind.INTERNAL_ERROR));
    Files.createDirectories(batch.run(2).folder());
    recorder.reopen(batch.run(2));
    // when
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.SUCCEEDED, "");
    // then
    assertThat(results.whenFinished()).isNotDone();
  }

  @Test
  void waitsForARunThatIsRepeatedBeforeTheReportOnItsLastAttempt() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.FAILED, "crashed");
    recorder.reopen(batch.run(1));
    // when: once more, and late
    recorder.record(report(1, Kind.ENDED));
    ended(2, Outcome.SUCCEEDED, "");
    recorder.record(report(1, Kind.ENDED));
    // then
    assertThat(results.whenFinished()).isNotDone();
    // when
    ended(1, Outcome.SUCCEEDED, "");
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(summary().counters().of(Outcome.SUCCEEDED)).isEqualTo(3);
  }

  @Test
  void endsABatchWhoseRepeatedRunLeftAResultThatCannotBeRead() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    ended(0, Outcome.SUCCEEDED, "");
    ended(1, Outcome.FAILED, "crashed");
    recorder.reopen(batch.run(1));
    ended(2, Outcome.SUCCEEDED, "");
    // when
    Files.writeString(new RunFolder(batch.run(1).folder()).processResult(), "{");
    recorder.record(report(1, Kind.ENDED));
    // then
    assertThat(recorder.find(batch.folder())).isEmpty();
    assertThat(results.allWritten()).isFalse();
  }

  @Test
  void endsABatchWhoseFolderIsDeleted() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    scratch.files.delete(batch.folder());
    // when
    allInternalErrors();
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(scratch.open.entries()).isEmpty();
    assertThat(batch.folder()).doesNotExist();
  }

  @Test
  void writesOverFoldersInPlaceOfItsFiles() throws Exception {
    // given
    for (String name : List.of("summary.json", "results.csv")) {
      Files.createDirectories(batch.folder().resolve(name).resolve("below"));
    }
    // when
    for (int run = 0; run < batch.size(); run++) {
      ended(run, Outcome.SUCCEEDED, "");
    }
    // then
    assertThat(summary().finishedAt()).isPresent();
    assertThat(rows()).hasSize(3);
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void triesTheEndOfABatchWhoseFolderIsDeletedAgain() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    AtomicReference<String> trouble = new AtomicReference<>("No space left on device");
    listeners.add(
        change -> {
          if (change instanceof PipelineChange.Finished && trouble.get() != null) {
            throw new IOException(trouble.get());
          }
        });
    scratch.files.delete(batch.folder());
    try (CapturedLog log = CapturedLog.of(BatchEnds.class)) {
      // when
      allInternalErrors();
      for (int again = 0; again < 5; again++) {
        recorder.refresh();
      }
      // then
      assertThat(results.whenFinished()).isNotDone();
      assertThat(scratch.open.entries()).hasSize(1);
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0)).contains("Cannot publish the end", "No space left on device");
      // when
      trouble.set(null);
      recorder.refresh();
      // then
      assertThat(results.whenFinished()).isCompleted();
      assertThat(scratch.open.entries()).isEmpty();
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(1)).contains("its folder was deleted or replaced");
    }
  }

  @Test
  void goesOnWithABatchWhoseFolderIsReadableAgain() throws Exception {
    // given: its parent leads nowhere for a while
    OpenResults results = recorder.follow(batch);
    Path parent = batch.folder().getParent();
    Path hidden = Files.move(parent, parent.resolveSibling("hidden"));
    Files.createSymbolicLink(parent, parent);
    // when
    allInternalErrors();
    recorder.refresh();
    // then
    assertThat(results.whenFinished()).isNotDone();
    assertThat(scratch.open.entries()).hasSize(1);
    // when
    Files.delete(parent);
    Files.move(hidden, parent);
    recorder.refresh();
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(summary().finishedAt()).isEmpty();
    assertThat(scratch.open.entries()).hasSize(1);
  }

  @Test
  void keepsABatchOnTheListWhenItsDiskIsNotMounted() throws Exception {
    // given
    OpenResults results = recorder.follow(batch);
    scratch.files.delete(batch.folder().getParent());
    // when
    allInternalErrors();
    // then
    assertThat(results.whenFinished()).isCompleted();
    assertThat(scratch.open.entries()).hasSize(1);
  }

  private void allInternalErrors() {
    for (int run = 0; run < batch.size(); run++) {
      recorder.record(report(run, Kind.INTERNAL_ERROR));
    }
  }

  @Test
  void ignoresReportsOnUnknownBatches() throws Exception {
    // when
    recorder.record(RunReport.on(RunOrder.execute("x", "/nowhere", 0), Kind.ENDED, ""));
    // then
    assertThat(names(batch.folder())).containsExactly("batch.json", "config.yaml");
  }

  private void ended(int index, Outcome outcome, String cause) throws IOException {
    write(index, outcome, cause, true);
    recorder.record(report(index, Kind.ENDED));
  }

  private RunReport report(int index, Kind kind) {
    Run run = batch.run(index);
    return RunReport.on(
        RunOrder.execute(run.id(), batch.folder().toString(), index), kind, "words");
  }

  private void write(int index, Outcome outcome, String cause, boolean isFinal) throws IOException {
    RunFolder run = new RunFolder(Files.createDirectories(batch.run(index).folder()));
    Head head =
        new Head(
            outcome,
            cause,
            List.of("why"),
            1,
            isFinal,
            Optional.empty(),
            START,
            START.plusSeconds(8),
            Duration.ofSeconds(8),
            "0.13.0");
    new ResultWriter(scratch.files::writeWhole)
        .write(run, ProcessResult.of(run, head, List.of(), List.of(), ReturnCodes.NONE));
  }

  private BatchSummary summary() {
    return BatchSummary.read(batch.folder().resolve("summary.json")).orElseThrow();
  }

  private List<ResultRow> rows() {
    return ResultsCsv.read(batch.folder().resolve("results.csv")).orElseThrow().rows();
  }
}
