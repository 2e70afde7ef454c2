package dev.caravan.observe.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill left of batches that were being deleted. */
class CutOffDeletionTest {

  @TempDir private Path folder;

  private OldBatches old;

  @BeforeEach
  void prepare() throws IOException {
    old = new OldBatches(folder);
  }

  @Test
  void finishesADeletionThatAKillCutOff() throws Exception {
    // given
    Path parent = old.ended(OldBatches.NIGHTLY).folder().getParent();
    SampleTree.write(parent.resolve(".20261101_020000_2.pruned/concurrency4/inputs.json"), "{}");
    SampleTree.write(parent.resolve(".mine.pruned"), "not ours");

    // when
    old.pruner().finish(old.finder().outputFolders());

    // then
    assertThat(parent.resolve(".20261101_020000_2.pruned")).doesNotExist();
    assertThat(parent.resolve(".mine.pruned")).exists();
  }

  @Test
  void finishesTheOtherDeletionsWhenOneCannotBeFinished() throws Exception {
    // given
    Path parent = old.ended(OldBatches.NIGHTLY).folder().getParent();
    Path stuck = SampleTree.write(parent.resolve(".20261101_020000.pruned/x"), "").getParent();
    Path next = SampleTree.write(parent.resolve(".20261102_020000.pruned/x"), "").getParent();
    DurableFiles files =
        new DurableFiles() {
          @Override
          public void delete(Path path) throws IOException {
            if (path.equals(stuck)) {
              throw new IOException("not permitted");
            }
            super.delete(path);
          }
        };

    // when
    old.pruner(files).finish(old.finder().outputFolders());

    // then
    assertThat(stuck).exists();
    assertThat(next).doesNotExist();
  }

  @Test
  void finishesNothingBehindALink() throws Exception {
    // given
    Path results = old.ended(OldBatches.NIGHTLY).folder().getParent().getParent();
    Path elsewhere = folder.resolve("elsewhere");
    Path leaving = SampleTree.write(elsewhere.resolve(".20261101_020000.pruned/x"), "");
    Files.createSymbolicLink(results.resolve("alias"), elsewhere);

    // when
    old.pruner().finish(old.finder().outputFolders());

    // then
    assertThat(leaving).exists();
  }
}
