package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which batch folders are listed. */
class BatchTreeTest {

  @TempDir Path results;

  @Test
  void leavesOutAFolderThatCannotBeReadAndSaysItOnce() throws IOException {
    // given
    Path open = batch("open/20261129_010000");
    batch("closed/20261129_010000");
    BatchTree tree = new BatchTree(new Closed(results.resolve("closed")));
    try (CapturedLog log = CapturedLog.of(BatchTree.class)) {

      // when
      List<Path> first = tree.below(List.of(results));
      List<Path> second = tree.below(List.of(results));

      // then
      assertThat(first).isEqualTo(second).containsExactly(open);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("cannot be read", "closed", "AccessDenied");
    }
  }

  @Test
  void goesOnWhenAWholeOutputFolderCannotBeRead() throws IOException {
    // given
    Path here = batch("here/name/20261129_010000");
    batch("there/name/20261129_010000");
    Path there = results.resolve("there");

    // when
    List<Path> found =
        new BatchTree(new Closed(there)).below(List.of(there, results.resolve("here")));

    // then
    assertThat(found).containsExactly(here);
  }

  @Test
  void listsABatchOnceWhenANameIsALinkToAnother() throws IOException {
    // given
    Path batch = batch("nightly/20261129_010000");
    Files.createSymbolicLink(results.resolve("alias"), results.resolve("nightly"));

    // then
    assertThat(tree().below(List.of(results))).containsExactly(batch);
    assertThat(tree().in(List.of(results.resolve("alias"))))
        .containsExactly(results.resolve("alias/20261129_010000"));
  }

  @Test
  void listsABatchOnceWhenItsFolderOrAnOutputFolderIsALink() throws IOException {
    // given
    Path batch = batch("out/nightly/20261129_010000");
    Files.createSymbolicLink(batch.resolveSibling("20261128_010000"), batch);
    Files.createSymbolicLink(results.resolve("again"), results.resolve("out"));

    // then
    assertThat(tree().below(List.of(results.resolve("out"), results.resolve("again"))))
        .containsExactly(batch);
    assertThat(tree().below(List.of(results.resolve("again"), results.resolve("out"))))
        .containsExactly(batch);
  }

  @Test
  void listsABatchBelowItsOwnNameWhenAnEarlierNameHoldsALinkToIt() throws IOException {
    // given
    Path batch = batch("nightly/20261129_010000");
    Path baseline = Files.createDirectory(results.resolve("baseline"));
    Files.createSymbolicLink(baseline.resolve("current"), batch);

    // then
    assertThat(tree().below(List.of(results))).containsExactly(batch);
  }

  @Test
  void listsBatchesThatWereMovedToAnotherDiskBehindALink() throws IOException {
    // given
    batch("disk/nightly/20261129_010000");
    Files.createDirectory(results.resolve("out"));
    Path link = results.resolve("out/nightly");
    Files.createSymbolicLink(link, results.resolve("disk/nightly"));

    // then
    assertThat(tree().below(List.of(results.resolve("out"))))
        .containsExactly(link.resolve("20261129_010000"));
  }

  private static BatchTree tree() {
    return new BatchTree(new DurableFiles());
  }

  private Path batch(String name) throws IOException {
    Path folder = Files.createDirectories(results.resolve(name));
    Files.writeString(folder.resolve(BatchFolder.RECORD), "{}");
    return folder;
  }

  /** A disk with a folder that belongs to somebody else; root, who runs tests, could read it. */
  private static final class Closed extends DurableFiles {

    private final Path folder;

    private Closed(Path folder) {
      this.folder = folder;
    }

    @Override
    public List<Path> list(Path asked) throws IOException {
      if (asked.equals(folder)) {
        throw new AccessDeniedException(asked.toString());
      }
      return super.list(asked);
    }
  }
}
