package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.observe.compare.Baselines;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.run.OrphanReaper;
import dev.caravan.pipeline.run.WithheldFiles;
import dev.caravan.storage.Home;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.DeletedMeanwhile;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a command reads a home whose daemon deletes files between the command's listing of a folder
 * and its reading of them: as if they had been gone before. They are not damaged.
 */
class VanishedFilesTest {

  @TempDir private Path folder;
  private ScratchHome scratch;
  private Home home;

  @BeforeEach
  void make() throws IOException {
    scratch = new ScratchHome(folder);
    home = scratch.home;
  }

  @Test
  void isNoOpenBatchOnceItHasLeftTheList() throws Exception {
    // given
    Batch batch = scratch.accept(FixedRules.BASE);
    scratch.accept(FixedRules.BASE);
    Path entry = scratch.files.list(home.openBatches()).get(0);
    DeletedMeanwhile files = new DeletedMeanwhile(home.openBatches(), entry);
    try (CapturedLog log = CapturedLog.of(OpenBatches.class)) {
      // when, then
      assertThat(new OpenBatches(home, files).folders()).hasSize(1).doesNotContain(batch.folder());
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void isNoOpenBatchOnceItsFolderIsDeleted() throws Exception {
    // given
    Batch batch = scratch.accept(FixedRules.BASE);
    Batch other = scratch.accept(FixedRules.BASE);
    DeletedMeanwhile files =
        new DeletedMeanwhile(batch.folder().getParent(), batch.folder().resolve("batch.json"));
    try (CapturedLog log = CapturedLog.of(OpenBatches.class)) {
      // when, then
      assertThat(new OpenBatches(home, files).folders()).containsExactly(other.folder());
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void isNotWithheldOnceTheNoteOfARunningAttemptIsGone() throws Exception {
    // given
    Path notes = Files.createDirectories(home.state().resolve("withheld"));
    Path note = Files.writeString(notes.resolve("0.json"), "{}");
    try (CapturedLog log = CapturedLog.of(WithheldFiles.class)) {
      // when, then
      assertThat(new WithheldFiles(home, new DeletedMeanwhile(notes, note)).runs()).isEmpty();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void isNoOrphanOnceTheProcessOfALiveCaravanHasEnded() throws Exception {
    // given
    Path processes = Files.createDirectories(home.state().resolve("processes"));
    Path temp = Files.createDirectory(folder.resolve("tmp"));
    Path whole = Files.writeString(processes.resolve("7-1.json"), "{}");
    Path partial = Files.writeString(processes.resolve(".7-1.json.0.tmp"), "{");
    DeletedMeanwhile files = new DeletedMeanwhile(processes, whole, partial);
    try (CapturedLog log = CapturedLog.of(OrphanReaper.class)) {
      // when
      new OrphanReaper(home, temp, files).endOrphans();
      // then
      assertThat(processes).isEmptyDirectory();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void isNoBaselineOnceItIsRemoved() throws Exception {
    // given
    Path stored = Files.createDirectories(home.state().resolve("baselines"));
    Path baseline = Files.writeString(stored.resolve("release.json"), "{}");
    Baselines baselines = new Baselines(home, new DeletedMeanwhile(stored, baseline));
    // when
    String listed = baselines.names().get(0);
    // then
    assertThat(listed).isEqualTo("release");
    assertThat(baselines.stored(listed)).isEmpty();
  }
}
