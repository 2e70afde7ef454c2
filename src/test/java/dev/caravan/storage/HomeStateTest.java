package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Fifo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Something else in the place of Caravan's own files and folders. */
class HomeStateTest {

  private final DurableFiles files = new DurableFiles();
  @TempDir private Path folder;
  private Home home;

  @BeforeEach
  void createsTheHome() throws Exception {
    home = new Home(folder);
    files.createDirectories(home.state());
  }

  @ParameterizedTest
  @EnumSource(StateFolder.class)
  void setsAsideWhatIsNoFolder(StateFolder kind) throws Exception {
    // given
    Path path = kind.in(home);
    for (int n = 0; n < 2; n++) {
      files.delete(path);
      if (n == 0) {
        Files.writeString(path, "a file");
      } else {
        Fifo.create(path);
      }
      try (CapturedLog log = CapturedLog.of(HomeState.class)) {
        // when
        HomeState.prepare(home, files);
        files.createDirectories(path);
        HomeState.prepare(home, files);
        // then
        assertThat(log.lines()).hasSize(1);
        assertThat(log.lines().get(0)).contains(home.display(path), "damaged");
      }
      assertThat(path).isDirectory();
    }
  }

  @ParameterizedTest
  @EnumSource(StateFile.class)
  void setsAsideWhatIsNoFile(StateFile kind) throws Exception {
    // given
    Path path = kind.in(home);
    for (int n = 0; n < 3; n++) {
      switch (n) {
        case 0 -> Files.createDirectories(path.resolve("below"));
        case 1 -> Files.createSymbolicLink(path, Path.of("/etc/passwd"));
        default -> Fifo.create(path);
      }
      // when
      HomeState.prepare(home, files);
      // then
      assertThat(path).doesNotExist();
    }
    assertThat(path.resolveSibling(path.getFileName() + ".damaged/below")).isDirectory();
    assertThat(path.resolveSibling(path.getFileName() + ".damaged_2")).isSymbolicLink();
  }

  @Test
  void leavesFoldersBehindLinksAndWhatIsWhole() throws Exception {
    // given
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.createSymbolicLink(StateFolder.SPOOL.in(home), elsewhere);
    Files.createDirectories(home.claimed());
    Files.writeString(StateFile.ID.in(home), "x");
    // when
    HomeState.prepare(home, files);
    // then
    assertThat(StateFolder.SPOOL.in(home)).isSymbolicLink();
    assertThat(files.list(home.state()))
        .noneMatch(path -> path.toString().contains("damaged"))
        .contains(StateFile.ID.in(home));
  }

  @Test
  void createsTheFoldersThatCommandsOfOtherUsersWriteTo() throws Exception {
    // when
    HomeState.prepare(home, files);
    // then
    assertThat(files.list(home.state()))
        .containsExactly(StateFolder.CACHE.in(home), StateFolder.CONTROL.in(home));
  }

  @Test
  void setsAsideTheInboxsOwnFolders() throws Exception {
    // given
    Files.createDirectories(home.inbox());
    for (Path path : new Path[] {home.claimed(), home.done(), home.failed(), home.dead()}) {
      Files.writeString(path, "a file");
    }
    // when
    HomeState.prepare(home, files);
    // then
    assertThat(files.list(home.inbox())).hasSize(4).allMatch(p -> p.toString().endsWith("damaged"));
  }

  @ParameterizedTest
  @EnumSource(StateFolder.class)
  void refusesALinkWhoseDiskIsNotMounted(StateFolder kind) throws Exception {
    // given
    Path link = Files.createSymbolicLink(kind.in(home), folder.resolve("disk/not/mounted"));
    // then
    assertThatThrownBy(() -> HomeState.prepare(home, files))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContainingAll(link.toString(), Files.getOwner(folder).getName(), "mounted");
    assertThat(link).isSymbolicLink();
  }

  @ParameterizedTest
  @ValueSource(strings = {"---------", "r-xr-xr-x", "-wx------", "rw-rw-rw-"})
  void refusesAFolderWithoutAccess(String access) throws Exception {
    Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root reads all");
    // given
    Path spool = Files.createDirectories(StateFolder.SPOOL.in(home));
    Files.setPosixFilePermissions(spool, PosixFilePermissions.fromString(access));
    // then
    assertThatThrownBy(() -> HomeState.prepare(home, files))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContainingAll(spool.toString(), Files.getOwner(folder).getName());
    assertThat(spool).isDirectory();
  }

  @Test
  void preparesOnlyTheFilesOfTheLockBeforeItIsTaken() throws Exception {
    // given
    for (StateFile file : StateFile.values()) {
      Files.createDirectory(file.in(home));
    }
    Files.writeString(StateFolder.SPOOL.in(home), "a file");
    // when
    HomeState.prepareLock(home, files);
    // then
    assertThat(StateFile.LOCK.in(home)).doesNotExist();
    assertThat(StateFile.PID.in(home)).doesNotExist();
    assertThat(files.list(home.state()))
        .filteredOn(path -> path.toString().contains(".damaged"))
        .hasSize(2);
  }
}
