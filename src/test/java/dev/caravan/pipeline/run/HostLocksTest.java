package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.caravan.config.Target;
import dev.caravan.testing.NamelessUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks the locks in the kernel's list, as other processes see them. */
class HostLocksTest {

  private static final Target TARGET = Target.of("http://127.0.0.1:8000");

  private static final String RUN = "/batch#1";
  private static final String OTHER = "/batch#2";

  @TempDir private Path folder;

  @Test
  void holdsItsLocksUntilTheRunReleasesThem() throws IOException {
    // given
    HostLocks locks = new HostLocks(folder, 1, "a test");
    // when
    assertThat(locks.take(RUN, TARGET)).isEmpty();
    // then
    assertThat(isLocked(TARGET.fileName())).isTrue();
    assertThat(isLocked("host-1")).isTrue();
    // when
    assertThat(locks.take(OTHER, TARGET)).isPresent();
    // then
    assertThat(isLocked(TARGET.fileName())).isTrue();
    // when
    locks.release(RUN);
    // then
    assertThat(isLocked(TARGET.fileName())).isFalse();
    assertThat(isLocked("host-1")).isFalse();
  }

  @Test
  void namesWhoHoldsThemNow() throws IOException {
    // given
    HostLocks first = new HostLocks(folder, 1, "the first");
    HostLocks second = new HostLocks(folder, 1, "the second");
    Path holder = folder.resolve(TARGET.fileName() + ".holder");
    for (HostLocks locks : List.of(first, second, first)) {
      // when
      assertThat(locks.take(RUN, TARGET)).isEmpty();
      // then
      assertThat(holder).content().endsWith(locks == first ? "the first" : "the second");
      locks.release(RUN);
    }
  }

  @Test
  void namesTheHolderInOneHarmlessLine() throws IOException {
    // given
    HostLocks locks = new HostLocks(folder, 1, "a test");
    assertThat(locks.take(RUN, TARGET)).isEmpty();
    // when: another user writes what is no name
    Files.writeString(folder.resolve(TARGET.fileName() + ".holder"), "x\nINFO: y\u001b[2J");
    // then
    assertThat(locks.take(OTHER, TARGET)).get().asString().endsWith("(x INFO: y\\u001b[2J)");
  }

  @Test
  void doesNotWriteThroughAPlantedLink() throws IOException {
    // given
    Path victim = Files.writeString(folder.resolve("victim"), "mine");
    Files.createSymbolicLink(folder.resolve(TARGET.fileName() + ".holder"), victim);
    Files.createSymbolicLink(folder.resolve("host-1.holder"), victim);
    // when
    assertThat(new HostLocks(folder, 1, "a test").take(RUN, TARGET)).isEmpty();
    // then
    assertThat(victim).hasContent("mine");
  }

  @Test
  void canBeTakenByOtherUsersLaterAlsoIfTheUserHasNoName() throws Exception {
    // when
    Optional<String> refused =
        NamelessUser.call(() -> new HostLocks(folder, 1, "a test").take(RUN, TARGET));
    // then
    assertThat(refused).isEmpty();
    for (String name : List.of(TARGET.fileName() + ".lock", "host-1.lock", "host-1.holder")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve(name)))
          .isEqualTo(PosixFilePermissions.fromString("rw-rw-rw-"));
    }
  }

  @Test
  void opensNoFileBehindALinkToAllUsers() throws IOException {
    // given
    Set<PosixFilePermission> mine = PosixFilePermissions.fromString("rw-------");
    Path victim = Files.writeString(folder.resolve("victim"), "mine");
    Files.setPosixFilePermissions(victim, mine);
    Path link = Files.createSymbolicLink(folder.resolve("host-1.lock"), victim);
    // then
    assertThatThrownBy(() -> HostLocks.openToAllUsers(link)).isInstanceOf(IOException.class);
    assertThat(Files.getPosixFilePermissions(victim)).isEqualTo(mine);
  }

  @Test
  void holdsItsLocksWhenItCannotWriteTheHolder() throws IOException {
    // given: a holder file that cannot be written, like another user's file in a sticky folder
    Files.createDirectories(folder.resolve(TARGET.fileName() + ".holder").resolve("not-empty"));
    HostLocks locks = new HostLocks(folder, 1, "a test");
    // when
    assertThat(locks.take(RUN, TARGET)).isEmpty();
    // then
    assertThat(isLocked(TARGET.fileName())).isTrue();
    locks.release(RUN);
    assertThat(isLocked(TARGET.fileName())).isFalse();
  }

  @Test
  void releasesTheTargetWhenNoSlotCanBeTaken() throws IOException {
    // given
    Path slot = Files.createDirectory(folder.resolve("host-1.lock"));
    HostLocks locks = new HostLocks(folder, 1, "a test");
    // when
    Optional<String> obstacle = locks.take(RUN, TARGET);
    // then
    assertThat(obstacle).hasValue(unusable(slot + ": not a file: remove it"));
    assertThat(locks.trouble()).isEqualTo(obstacle);
    assertThat(locks.closedReason()).as("others can be locked").isEmpty();
    assertThat(isLocked(TARGET.fileName())).isFalse();
    // when
    Files.delete(slot);
    // then
    assertThat(locks.take(RUN, TARGET)).isEmpty();
    assertThat(locks.trouble()).isEmpty();
  }

  private String unusable(String why) {
    return "cannot use the locks in " + folder + " (caravan.locks.dir): " + why;
  }

  /** As in a folder of temporary files, which the system cleans. */
  @Test
  void makesItsFolderAgain() throws IOException {
    // given
    HostLocks locks = new HostLocks(folder, 1, "a test");
    Files.delete(folder);
    // then
    assertThat(locks.take(RUN, TARGET)).isEmpty();
    assertThat(Files.getAttribute(folder, "unix:mode")).isEqualTo(041777);
  }

  @Test
  void makesNoFoldersAboveItAgain() throws IOException {
    // given
    Path home = folder.resolve("home");
    Path inHome = home.resolve("locks");
    HostLocks locks = new HostLocks(inHome, 1, "a test");
    Files.move(home, folder.resolve("moved"));
    // then
    assertThat(locks.take(RUN, TARGET)).get().asString().contains("caravan.locks.dir", "no such");
    assertThat(locks.closedReason()).isPresent();
    assertThat(home).doesNotExist();
  }

  @Test
  void namesTheFolderThatCannotBeUsedAndWhy() throws IOException {
    // given
    HostLocks locks = new HostLocks(folder, 1, "a test");
    Files.delete(folder);
    Files.createFile(folder);
    // then
    Optional<String> trouble = Optional.of(unusable(folder + ": is not a folder"));
    assertThat(locks.closedReason()).isEqualTo(trouble);
    assertThat(locks.take(RUN, TARGET)).isEqualTo(trouble);
    // when
    Files.delete(folder);
    // then
    assertThat(locks.closedReason()).isEmpty();
    assertThat(locks.take(RUN, TARGET)).isEmpty();
    assertThat(locks.trouble()).isEmpty();
  }

  @Test
  void saysThatItsFolderCannotBeWritten() throws Exception {
    // given
    HostLocks locks = new HostLocks(folder, 1, "a test");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeFalse(Files.isWritable(folder), "root writes all");
    // then
    assertThat(locks.closedReason()).hasValue(unusable("it cannot be written"));
    assertThat(locks.take(RUN, TARGET)).get().asString().startsWith(unusable(""));
  }

  private boolean isLocked(String name) throws IOException {
    Object inode = Files.getAttribute(folder.resolve(name + ".lock"), "unix:ino");
    return Files.readString(Path.of("/proc/locks")).contains(":" + inode + " ");
  }
}
