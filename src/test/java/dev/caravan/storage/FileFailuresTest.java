package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No message is the name of a Java class, or no more than a path. */
class FileFailuresTest {

  @TempDir private Path folder;

  @Test
  void saysWhatJavaKnowsByClassAlone() {
    // given
    Path file = folder.resolve("file");

    // when
    Throwable missing = catchThrowable(() -> Files.createDirectory(folder.resolve("a/b")));
    Throwable taken =
        catchThrowable(() -> Files.createDirectory(Files.createFile(file).toAbsolutePath()));
    Throwable noFolder = catchThrowable(() -> Files.newDirectoryStream(file));

    // then
    assertThat(FileFailures.words(missing)).endsWith("a/b: there is no such file or folder");
    assertThat(FileFailures.words(taken)).endsWith("file: is there already");
    assertThat(FileFailures.words(noFolder)).endsWith("file: is not a folder");
    assertThat(FileFailures.words(new AccessDeniedException("/usr/x")))
        .isEqualTo("/usr/x: permission denied");
  }

  @Test
  void keepsTheReasonOfTheSystem() {
    assertThat(FileFailures.words(new FileSystemException("/x", null, "Read-only file system")))
        .isEqualTo("/x: Read-only file system");
    assertThat(FileFailures.words(new FileSystemLoopException("/x")))
        .isEqualTo("/x: FileSystemLoopException");
  }

  @Test
  void leavesOtherFailuresAsTheyAre() {
    assertThat(FileFailures.words(new IOException("broken pipe")))
        .isEqualTo("java.io.IOException: broken pipe");
  }

  @Test
  void areToldByTheirMessageWhereTheyAreOfNoFile() {
    assertThat(FileFailures.message(new IOException("there is no batch \"b\"")))
        .isEqualTo("there is no batch \"b\"");
    assertThat(FileFailures.message(new AccessDeniedException("/f")))
        .isEqualTo("/f: permission denied");
  }
}
