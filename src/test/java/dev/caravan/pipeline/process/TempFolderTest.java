package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.NamelessUser;
import dev.caravan.testing.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dead Caravans left in the folder of temporary files. */
class TempFolderTest {

  @TempDir Path base;

  /** A Caravan may die between the start of a process and its record. */
  @Test
  void endsTheUnrecordedProcessOfADeadCaravan() throws Exception {
    // given
    Process left = sleeperIn(ofDeadCaravan());

    try {
      // when
      int removed = TempFolder.removeOrphaned(base);

      // then
      assertThat(removed).isEqualTo(1);
      assertThat(left.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(base).isEmptyDirectory();
    } finally {
      left.destroyForcibly();
    }
  }

  @Test
  void removesTheFoldersOfAUserWithoutAName() throws Exception {
    // given
    Files.createDirectory(ofDeadCaravan());
    // then
    assertThat(NamelessUser.call(() -> TempFolder.removeOrphaned(base))).isEqualTo(1);
  }

  @Test
  void leavesTheProcessesOfALiveCaravanAlone() throws Exception {
    // given
    Process other = sleeperIn(base.resolve("cv-" + ProcessHandle.current().pid() + "-00000001"));

    // when
    int removed = TempFolder.removeOrphaned(base);

    // then
    assertThat(removed).isZero();
    assertThat(other.isAlive()).isTrue();
    other.destroyForcibly().waitFor();
  }

  @Test
  void removesTheOthersBesideAFolderThatStays() throws Exception {
    // given
    Path stays = tooDeepToRemove(Files.createDirectory(ofDeadCaravan()));
    for (int i = 0; i < 8; i++) {
      Files.createDirectory(ofDeadCaravan());
    }

    try {
      // when
      int removed = TempFolder.removeOrphaned(base);

      // then
      assertThat(removed).isEqualTo(8);
      assertThat(base).isDirectoryContaining(stays::equals);
    } finally {
      assertThat(new ProcessBuilder("rm", "-rf", stays.toString()).start().waitFor()).isZero();
    }
  }

  /** Java has no path for what is longer than 4,096 bytes. */
  private static Path tooDeepToRemove(Path folder) throws Exception {
    String program =
        """
        import os
        for level in range(25):
            os.mkdir('d' * 200)
            os.chdir('d' * 200)
        """;
    ProcessBuilder python = new ProcessBuilder("python3", "-c", program);
    assertThat(python.directory(folder.toFile()).start().waitFor()).isZero();
    return folder;
  }

  @Test
  void leavesTheFolderOfAnotherContainerAlone() throws Exception {
    // given
    String name = ofDeadCaravan().getFileName().toString();
    int namespace = name.lastIndexOf('-') + 1;
    char other = name.charAt(namespace) == '0' ? '1' : '0';
    Path used =
        Files.createDirectory(
            base.resolve(name.substring(0, namespace) + other + name.substring(namespace + 1)));
    Path unused = Files.createDirectory(base.resolve(name.substring(0, namespace) + "12345678"));
    Files.setLastModifiedTime(unused, FileTime.from(Instant.now().minus(Duration.ofDays(8))));

    // when
    int removed = TempFolder.removeOrphaned(base);

    // then
    assertThat(removed).isEqualTo(1);
    assertThat(base).isDirectoryContaining(used::equals);
    assertThat(unused).doesNotExist();
  }

  /** Its path is part of those of sockets, which are limited to 107 bytes. */
  @Test
  void hasAShortNameThatIsNotUsedTwice() {
    // when
    List<Path> paths = Stream.generate(() -> TempFolder.newPath(base)).limit(60_000).toList();

    // then
    assertThat(paths).doesNotHaveDuplicates();
    assertThat(paths)
        .allMatch(path -> path.getFileName().toString().matches("cv-\\d+-[0-9a-f]{8}"));
  }

  @Test
  void findsNothingWhereThereIsNoFolder() {
    // when / then
    assertThat(TempFolder.removeOrphaned(base.resolve("none"))).isZero();
  }

  /** A new path as a Caravan that has ended would have chosen it. */
  private Path ofDeadCaravan() throws Exception {
    Process caravan = new ProcessBuilder("true").start();
    caravan.waitFor();
    String[] parts = TempFolder.newPath(base).getFileName().toString().split("-");
    return base.resolve(parts[0] + "-" + caravan.pid() + "-" + parts[2]);
  }

  private static Process sleeperIn(Path temp) throws IOException {
    Files.createDirectory(temp);
    ProcessBuilder sleeper = new ProcessBuilder("sleep", "600");
    sleeper.environment().put("TMPDIR", temp.toString());
    Process started = sleeper.start();
    // The kernel shows no environment while it executes a program.
    await().until(() -> ProcFs.text(started.pid(), "environ").contains("TMPDIR=" + temp));
    return started;
  }

  @Test
  void saysHowToSetAnotherFolder() {
    // given
    Path folder = Path.of("/proc/none/cv-1-2");
    // when, then
    assertThatThrownBy(() -> TempFolder.create(folder))
        .hasMessageStartingWith("cannot create temporary folder '" + folder + "': ")
        .hasMessageEndingWith("; CARAVAN_JAVA_OPTS=-Djava.io.tmpdir=DIR sets another");
  }
}
