package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HomeLockTest {

  private final DurableFiles files = new DurableFiles();

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"STATUS", "WORKERS"})
  void forgetsWhatTheLastDaemonToldOfItself(StateFile told) throws IOException {
    // given
    Home home = new Home(folder);
    Files.createDirectories(home.state());
    Files.writeString(told.in(home), "{\"schema\": 1, \"pid\": 7}");
    Files.writeString(StateFile.OUTAGES.in(home), "{}");

    // when
    try (HomeLock lock = HomeLock.acquire(home, files)) {
      // then
      assertThat(lock).hasToString("the lock " + folder.resolve(".caravan/lock"));
      assertThat(told.in(home)).doesNotExist();
      assertThat(StateFile.OUTAGES.in(home)).exists();
    }
  }

  @Test
  void holdsWithoutThePidThatAFullDiskDoesNotTake() throws IOException {
    // given
    Home home = new Home(folder);
    Files.createDirectories(home.state());
    Files.createSymbolicLink(StateFile.PID.in(home), Path.of("/dev/full"));

    // when
    try (CapturedLog log = CapturedLog.of(HomeLock.class);
        HomeLock lock = HomeLock.acquire(home, files)) {
      // then
      assertThat(lock.isLost()).isFalse();
      assertThat(log.lines())
          .containsExactly(
              "Cannot store the pid of this daemon: java.io.IOException: No space left on device");
    }
  }

  @Test
  void isLostWithItsHomeAlsoWhenThereIsAnotherInItsPlace() throws IOException {
    // given
    Home home = new Home(folder.resolve("home"));

    // when, then
    try (HomeLock lock = HomeLock.acquire(home, files)) {
      assertThat(lock.isLost()).isFalse();
      Path moved = Files.move(home.root(), folder.resolve("moved"));
      assertThat(lock.isLost()).isTrue();
      Files.createDirectories(home.state());
      Files.createFile(StateFile.LOCK.in(home));
      assertThat(lock.isLost()).isTrue();

      // when, then
      files.delete(home.root());
      Files.move(moved, home.root());
      assertThat(lock.isLost()).isFalse();
    }
  }

  @Test
  void saysWhatItsLossMeans() throws IOException {
    // given
    Home home = new Home(folder.resolve("home"));

    try (HomeLock lock = HomeLock.acquire(home, files)) {
      // when, then
      Files.delete(StateFile.LOCK.in(home));
      assertThat(lock.loss())
          .isEqualTo("another Caravan could serve this home: " + lock + " was deleted or replaced");

      // when, then
      files.delete(home.state());
      assertThat(lock.loss())
          .isEqualTo("nothing can be stored: " + lock + " was deleted, moved or replaced");
    }
  }

  @Test
  void leavesAFolderInThePlaceOfTheStatusToBeSetAside() throws IOException {
    // given
    Home home = new Home(folder);
    Path inside = Files.createDirectories(home.status()).resolve("notes");
    Files.writeString(inside, "mine");

    // when
    HomeLock.acquire(home, files).close();

    // then
    assertThat(inside).hasContent("mine");
  }
}
