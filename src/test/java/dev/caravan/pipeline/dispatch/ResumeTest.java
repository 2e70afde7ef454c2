package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeTest {

  @TempDir private Path folder;
  private ScratchHome scratch;

  @BeforeEach
  void setUp() throws IOException {
    scratch = new ScratchHome(folder);
  }

  @Test
  void findsUnfinishedBatchesInOrderOfAcceptance() throws Exception {
    // given
    Batch first = scratch.accept("batch_name: z\n" + FixedRules.BASE);
    Batch second = scratch.accept("batch_name: a\n" + FixedRules.BASE);
    Batch third = scratch.accept("batch_name: m\n" + FixedRules.BASE);
    // when
    for (Path claimed : scratch.files.list(scratch.home.claimed())) {
      Files.delete(claimed);
    }
    scratch.open.remove(second.record().claimId());
    // then
    assertThat(resume(ScratchHome.OWNER).unfinishedBatches())
        .extracting(Batch::folder)
        .containsExactly(first.folder(), third.folder());
  }

  @Test
  void ignoresBatchesOfOtherOwners() throws Exception {
    // given
    scratch.accept(FixedRules.BASE);
    // then
    assertThat(resume(new Owner("another home", Owner.DAEMON)).unfinishedBatches()).isEmpty();
    assertThat(resume(new Owner(ScratchHome.OWNER.home(), Owner.ONE_SHOT)).unfinishedBatches())
        .isEmpty();
  }

  @Test
  void skipsABatchThatCannotBeRead() throws Exception {
    // given
    Batch broken = scratch.accept(FixedRules.BASE);
    Batch good = scratch.accept(FixedRules.BASE);
    Batch gone = scratch.accept(FixedRules.BASE);
    Files.delete(broken.folder().resolve("config.yaml"));
    scratch.files.delete(gone.folder());
    // then
    assertThat(resume(ScratchHome.OWNER).unfinishedBatches())
        .extracting(Batch::folder)
        .containsExactly(good.folder());
  }

  @Test
  void blocksWaitersUntilAllBatchesAreOpen() throws Exception {
    // given
    Resume resume = resume(ScratchHome.OWNER);
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () -> {
              try {
                resume.awaitFinished();
              } catch (InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    assertThat(waiting).isNotDone();

    // when
    resume.finished();

    // then
    assertThat(waiting).succeedsWithin(Duration.ofMinutes(1));
  }

  @Test
  void resumesInAHomeThatWasMoved() throws Exception {
    // given
    Path before = folder.resolve("before");
    Batch batch = new ScratchHome(Files.createDirectories(before)).accept(FixedRules.BASE);
    Path inHome = before.toRealPath().relativize(batch.folder());
    Path after = Files.move(before, folder.resolve("after"));
    // when
    ScratchHome next = new ScratchHome(after);
    List<Batch> found =
        new Resume(next.open, next.batches, ScratchHome.OWNER, List.of(after)).unfinishedBatches();
    // then
    assertThat(found).extracting(Batch::folder).containsExactly(after.toRealPath().resolve(inHome));
  }

  @Test
  void scansTheResultsForUnfinishedBatchesWhenTheListIsMissing() throws Exception {
    // given
    Batch first = scratch.accept("batch_name: z\noutput_base_dir: deep/er\n" + FixedRules.BASE);
    Batch finished = scratch.accept(FixedRules.BASE);
    Files.writeString(
        finished.folder().resolve("summary.json"),
        "{\"schema\": 1, \"batch_id\": \"b\", \"total\": 1, \"completed\": 1, \"failed\": 0,"
            + " \"neither\": 0, \"outcomes\": {}, \"degraded\": [],"
            + " \"started_at\": \"2026-11-24T00:00:00Z\", \"finished_at\": \"2026-11-24T00:00:01Z\"}");
    Batch second = scratch.accept("batch_name: a\n" + FixedRules.BASE);
    scratch.files.delete(scratch.home.openBatches());
    // when, then
    assertThat(resume(new Owner("another home", Owner.DAEMON)).unfinishedBatches()).isEmpty();
    scratch.files.delete(scratch.home.openBatches());
    assertThat(resume(ScratchHome.OWNER).unfinishedBatches())
        .extracting(Batch::folder)
        .containsExactly(first.folder(), second.folder());
  }

  @Test
  void saysOnceOfEachBatchThatItIsResumedAlsoOfTwoWithOneId() throws Exception {
    // given: two trees, as of a copy, whose batches have one id
    Batch one = scratch.accept("batch_name: b\noutput_base_dir: one\n" + FixedRules.BASE);
    Batch two = scratch.accept("batch_name: b\noutput_base_dir: two\n" + FixedRules.BASE);
    Path copy = two.folder().resolveSibling(one.folder().getFileName());
    if (!copy.equals(two.folder())) {
      Files.move(two.folder(), copy);
      Path record = copy.resolve("batch.json");
      Files.writeString(record, Files.readString(record).replace(two.id(), one.id()));
    }
    Resume resume = resume(ScratchHome.OWNER);

    try (CapturedLog log = CapturedLog.of(Resume.class)) {
      // when
      List<Batch> found = resume.unfinishedBatches();
      resume.unfinishedBatches();

      // then
      assertThat(found).extracting(Batch::id).containsExactly(one.id(), one.id());
      assertThat(log.lines()).containsExactly("Resuming " + one.id(), "Resuming " + one.id());
    }
  }

  @Test
  void findsOnlyBatchesAgainThatAreNotOpenYet() throws Exception {
    // given
    Batch first = scratch.accept("batch_name: z\n" + FixedRules.BASE);
    Batch second = scratch.accept("batch_name: a\n" + FixedRules.BASE);
    Resume resume = resume(ScratchHome.OWNER);
    resume.unfinishedBatches();
    // when
    resume.resumed(first);
    scratch.accept("batch_name: later\n" + FixedRules.BASE);
    // then
    assertThat(resume.unfinishedBatches())
        .extracting(Batch::folder)
        .containsExactly(second.folder());
    resume.resumed(second);
    assertThat(resume.unfinishedBatches()).isEmpty();
  }

  @Test
  void resumesThoughAFolderBesideCannotBeRead() throws Exception {
    // given
    Batch batch = scratch.accept(FixedRules.BASE);
    Path beside = Files.createDirectory(batch.folder().resolveSibling("20200101_000000"));
    Files.createSymbolicLink(beside.resolve("batch.json"), Path.of("/proc/self/mem"));
    // then: reading /proc/self/mem at offset 0 fails with an I/O error
    assertThat(resume(ScratchHome.OWNER).unfinishedBatches())
        .extracting(Batch::folder)
        .containsExactly(batch.folder());
  }

  private Resume resume(Owner owner) throws IOException {
    ScratchHome next = new ScratchHome(folder);
    return new Resume(next.open, next.batches, owner, List.of(folder));
  }
}
