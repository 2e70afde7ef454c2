package dev.caravan.storage;

import static dev.caravan.testing.ScratchHome.names;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

  private final DurableFiles files = new DurableFiles();
  @TempDir private Path folder;

  @Test
  void writesAFileAndLeavesNoTemporaryFile() throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("a.json"), "old");
    // when
    files.writeWhole(file, "new".getBytes(UTF_8));
    // then
    assertThat(file).hasContent("new");
    assertThat(names(folder)).containsExactly("a.json");
  }

  @Test
  void keepsTheOldContentForAnOpenReader() throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("a"), "old");
    // when
    try (InputStream reader = Files.newInputStream(file)) {
      files.writeWhole(file, "new and longer".getBytes(UTF_8));
      // then
      assertThat(reader).hasContent("old");
    }
  }

  @Test
  void keepsTheOldFileWhenAWriteFails() throws IOException {
    // given
    Path taken = Files.createDirectories(folder.resolve("a"));
    Files.writeString(taken.resolve("inside"), "kept");
    // when
    assertThatThrownBy(() -> files.writeWhole(taken, new byte[] {1}))
        .isInstanceOf(IOException.class);
    // then
    assertThat(names(folder)).containsExactly("a");
    assertThat(taken.resolve("inside")).hasContent("kept");
  }

  @Test
  void writesANewFileOnlyWhereThereIsNone() throws IOException {
    // when
    boolean first = files.writeNew(folder.resolve("a"), "first".getBytes(UTF_8));
    boolean second = files.writeNew(folder.resolve("a"), "second".getBytes(UTF_8));
    // then
    assertThat(first).isTrue();
    assertThat(second).isFalse();
    assertThat(folder.resolve("a")).hasContent("first");
    assertThat(names(folder)).containsExactly("a");
  }

  @Test
  void writesOverAFolderThatItSetsAside() throws IOException {
    // given
    Path taken = Files.createDirectories(folder.resolve("a/below")).getParent();
    Files.createFile(folder.resolve("a.damaged"));
    // when
    files.writeOver(taken, "new".getBytes(UTF_8));
    files.writeOver(taken, "newer".getBytes(UTF_8));
    // then
    assertThat(taken).hasContent("newer");
    assertThat(names(folder)).containsExactly("a", "a.damaged", "a.damaged_2");
    assertThat(folder.resolve("a.damaged_2/below")).isDirectory();
  }

  @Test
  void writesAWholeFileOverAFolderWithoutSyncingItsFolder() throws IOException {
    // given
    Path taken = Files.createDirectories(folder.resolve("a/below")).getParent();
    // when
    files.writeWithoutFolderSync(taken, "new".getBytes(UTF_8));
    // then
    assertThat(taken).hasContent("new");
    assertThat(names(folder)).containsExactly("a", "a.damaged");
    // when
    files.deleteWithoutFolderSync(taken);
    files.deleteWithoutFolderSync(taken);
    // then
    assertThat(names(folder)).containsExactly("a.damaged");
  }

  /** Repeated trouble is recognized by its message. */
  @Test
  void failsTheSameWayAgain() throws IOException {
    // given
    Path taken = Files.createDirectories(folder.resolve("a/below")).getParent();
    Path nowhere = folder.resolve("nowhere/b");
    // when
    List<String> messages = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      for (Path to : List.of(taken, nowhere)) {
        messages.add(catchThrowable(() -> files.writeWhole(to, new byte[1])).toString());
      }
      messages.add(catchThrowable(() -> files.copyWhole(folder.resolve("c"), taken)).toString());
    }
    // then
    assertThat(messages.stream().distinct()).hasSize(3);
    assertThat(messages.get(0)).contains(taken.toString(), "Is a directory");
    assertThat(messages.get(1)).contains("NoSuchFile", nowhere.toString());
  }

  @Test
  void copiesAFile() throws IOException {
    // given
    Path from = Files.writeString(folder.resolve("from"), "text");
    // when
    files.copyWhole(from, folder.resolve("to"));
    // then
    assertThat(folder.resolve("to")).hasContent("text");
    assertThat(names(folder)).containsExactly("from", "to");
  }

  @Test
  void renamesOnlyToAnUnusedName() throws IOException {
    // given
    Path from = Files.writeString(folder.resolve("from"), "mine");
    Path taken = Files.createSymbolicLink(folder.resolve("taken"), Path.of("nowhere"));
    // when
    boolean ontoTaken = files.moveIfFree(from, taken);
    boolean ontoFree = files.moveIfFree(from, folder.resolve("free"));
    // then
    assertThat(ontoTaken).isFalse();
    assertThat(ontoFree).isTrue();
    assertThat(names(folder)).containsExactly("free", "taken");
  }

  @Test
  void renamesNoFolderToANameThatAnotherProcessTakesMeanwhile() throws IOException {
    // given
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Path theirs = folder.resolve("taken");
    Files.writeString(mine.resolve("file"), "mine");
    DurableFiles late =
        new DurableFiles() {
          @Override
          public void move(Path from, Path to) throws IOException {
            Files.writeString(Files.createDirectory(theirs).resolve("file"), "theirs");
            super.move(from, to);
          }
        };
    // then
    assertThat(late.moveIfFree(mine, theirs)).isFalse();
    assertThat(theirs.resolve("file")).hasContent("theirs");
    assertThat(mine.resolve("file")).hasContent("mine");
  }

  @Test
  void failsToRenameWhatIsNotThere() {
    assertThatThrownBy(() -> files.moveIfFree(folder.resolve("a"), folder.resolve("b")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void createsAllFoldersOfAPath() throws IOException {
    // given
    Path deep = folder.resolve("a/b/c");
    // when
    files.createDirectories(deep);
    files.createDirectories(deep);
    // then
    assertThat(deep).isDirectory();
  }

  @Test
  void neverCreatesAFolderAgainThatIsToLast() throws IOException {
    // given
    DurableFiles files = new DurableFiles();
    Path home = folder.resolve("home");
    files.createDirectories(home.resolve("state"));
    files.neverCreateAgain(home);

    // when
    files.createDirectories(home.resolve("state/while/it/is/there"));
    Files.move(home, folder.resolve("moved"));

    // then
    for (String gone : List.of("home", "home/state", "home/state/events")) {
      assertThatThrownBy(() -> files.createDirectories(folder.resolve(gone)))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage(home.toString());
    }
    assertThat(home).doesNotExist();

    // when
    files.createDirectories(folder.resolve("home2/state"));

    // then
    assertThat(folder.resolve("home2/state")).isDirectory();
  }

  @Test
  void createsNoFolderInPlaceOfAFile() throws IOException {
    // given
    Files.writeString(folder.resolve("a"), "file");
    // then
    assertThatThrownBy(() -> files.createDirectories(folder.resolve("a/b")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> files.createDirectories(folder.resolve("a")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void deletesAFolderButNotTheTargetsOfItsLinks() throws IOException {
    // given
    Path outside = Files.createDirectories(folder.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "kept");
    Path doomed = Files.createDirectories(folder.resolve("doomed/deep"));
    Files.createSymbolicLink(doomed.resolve("link"), outside);
    // when
    files.delete(folder.resolve("doomed"));
    files.delete(folder.resolve("never there"));
    // then
    assertThat(names(folder)).containsExactly("outside");
    assertThat(outside.resolve("kept")).exists();
  }

  @Test
  void listsSortedEntriesAndNoneOfAMissingFolder() throws IOException {
    // given
    Files.createFile(folder.resolve("b"));
    Files.createFile(folder.resolve("a"));
    // then
    assertThat(files.list(folder)).containsExactly(folder.resolve("a"), folder.resolve("b"));
    assertThat(files.list(folder.resolve("nowhere"))).isEmpty();
  }

  @Test
  void syncsAFolderThatHoldsDanglingLinks() throws IOException {
    // given
    Files.createDirectories(folder.resolve("a/b"));
    Files.createSymbolicLink(folder.resolve("a/dangling"), Path.of("nowhere"));
    Files.writeString(folder.resolve("a/b/file"), "text");
    // when
    files.syncAll(folder);
    // then
    assertThat(folder.resolve("a/b/file")).hasContent("text");
  }
}
