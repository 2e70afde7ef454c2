package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An id that batches in two output folders have names neither; their folders do. */
class SharedIdsTest {

  @TempDir Path folder;
  private ScratchHome scratch;
  private Batch batch;
  private Path other;

  @BeforeEach
  void accept() throws Exception {
    scratch = new ScratchHome(folder);
    batch = scratch.accept("output_base_dir: r1\n" + FixedRules.BASE);
    scratch.accept("output_base_dir: r2\nbatch_name: another\n" + FixedRules.BASE);
    other = scratch.home.root().resolve("r2").resolve(batch.id());
  }

  @Test
  void isRefusedWithBothFolders() throws Exception {
    // given
    copy("feed0123");
    // then
    assertThatThrownBy(() -> finder().find(batch.id(), folder))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(
            "2 batches are called \"" + batch.id() + "\"; name the folder of one of them: ",
            batch.folder().toString(),
            other.toString());
    assertThatThrownBy(() -> finder().inOutputFolders(batch.id())).isInstanceOf(IOException.class);
  }

  @Test
  void leavesTheFoldersAsNames() throws Exception {
    // given
    copy("feed0123");
    Path root = scratch.home.root();
    // then
    assertThat(finder().find(batch.folder().toString(), folder)).contains(batch.folder());
    assertThat(finder().find(other.toString(), folder)).contains(other);
    assertThat(finder().find("r1/" + batch.id(), folder)).contains(batch.folder());
    assertThat(finder().find("r2/" + batch.id(), folder)).contains(other);
    assertThat(finder().find(batch.id(), root.resolve("r2"))).contains(other);
  }

  @Test
  void namesOneOfTheCopiesOfABatch() throws Exception {
    // given
    copy(batch.record().claimId());
    // then
    assertThat(finder().find(batch.id(), folder).orElseThrow()).isIn(batch.folder(), other);
    assertThat(finder().inOutputFolders(batch.id())).isEqualTo(finder().find(batch.id(), folder));
  }

  /** Copies the batch to the other folder, as one that this claim became. */
  private void copy(String claim) throws IOException {
    String text = Files.readString(batch.folder().resolve(BatchFolder.RECORD));
    Files.createDirectories(other);
    Files.writeString(
        other.resolve(BatchFolder.RECORD), text.replace(batch.record().claimId(), claim));
  }

  private BatchFinder finder() {
    return BatchFinder.of(scratch.settings(), new OpenBatches(scratch.home, new DurableFiles()));
  }
}
