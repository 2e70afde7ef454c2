package dev.caravan.observe.retention;

import static dev.caravan.observe.retention.FolderContent.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.BatchLock;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that are in use, or that somebody else changes while they are pruned. */
class ContendedPruningTest {

  private OldBatches old;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    old = new OldBatches(folder);
  }

  @Test
  void touchesNothingThatIsInUse() throws Exception {
    // given
    Batch running = old.ended(OldBatches.NIGHTLY);
    Batch reopened = old.ended(OldBatches.NIGHTLY);
    old.tree.home().open.ensure(reopened);

    // when, then
    try (BatchLock lock = BatchLock.take(running)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> old.pruner().prune(running.folder(), false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("already running");
    }
    assertThatThrownBy(() -> old.pruner().prune(reopened.folder(), true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("to be executed again");
    assertThat(reopened.run(0).folder().resolve("inputs.json")).exists();
  }

  @Test
  void stopsBeforeItTakesAnythingFromABatchThatIsReopenedMeanwhile() throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY);
    DurableFiles reopening =
        new DurableFiles() {
          @Override
          public void writeStream(Path file, Content content) throws IOException {
            super.writeStream(file, content);
            old.tree.home().open.ensure(batch);
          }
        };

    // when, then
    assertThatThrownBy(() -> old.pruner(reopening).prune(batch.folder(), true))
        .hasMessageContaining("to be executed again");
    assertThat(batch.run(0).folder().resolve("inputs.json")).exists();
    assertThat(batch.run(1).folder().resolve("files.zip")).doesNotExist();
  }

  @Test
  void saysThatFilesWereRemovedAndKeepsNoHalfOfAnArchive() throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY);
    Path logs = batch.run(0).folder().resolve("logs/aiperf.log");
    DurableFiles meanwhile =
        new DurableFiles() {
          @Override
          public void writeStream(Path file, Content content) throws IOException {
            super.delete(logs);
            super.writeStream(file, content);
          }
        };

    // when, then
    assertThatThrownBy(() -> old.pruner(meanwhile).prune(batch.folder(), true))
        .hasMessage("files of it were removed meanwhile");
    assertThat(names(batch.run(0).folder())).noneMatch(name -> name.contains(".zip"));
    assertThat(batch.run(0).folder().resolve("inputs.json")).exists();

    // when, then
    old.pruner().prune(batch.folder(), true);
    assertThat(batch.run(0).folder().resolve("files.zip")).exists();
  }

  @Test
  void deletesABatchWhileAnotherFinishesWhatItTakesForCutOff() throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY);
    long planned = old.pruner().bytes(batch.folder(), false);
    DurableFiles meanwhile =
        new DurableFiles() {
          @Override
          public void move(Path from, Path to) throws IOException {
            super.move(from, to);
            old.pruner().finish(old.finder().outputFolders());
          }
        };

    // when
    long freed = old.pruner(meanwhile).prune(batch.folder(), false);

    // then
    assertThat(freed).isEqualTo(planned);
    assertThat(batch.folder().getParent()).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesABatchThatAnotherPrunedForDone(boolean compresses) throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY);
    old.pruner().prune(batch.folder(), false);

    // when, then
    assertThat(old.pruner().prune(batch.folder(), compresses)).isZero();
    assertThat(old.pruner().bytes(batch.folder(), compresses)).isZero();
  }
}
