package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.Home;
import dev.caravan.testing.HeldLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What {@code caravan status} says of a daemon, by the files of its home. */
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_OUT)
class HomeStatusTest {

  private static final String TOLD =
      "{\"schema\": 1, \"pid\": 7, \"closed\": \"no aiperf\", \"underway\": [], \"parked\": []}";

  @TempDir private Path folder;

  @Test
  void saysThatADaemonThatJustStartedHasToldNothing() throws Exception {
    // given
    try (HeldLock daemon = HeldLock.of(new Home(folder))) {
      assertThat(daemon).isNotNull();

      // when
      String said = ExecutedCommand.in(folder, "status").out();

      // then
      assertThat(said)
          .startsWith("Daemon running for " + folder + "; it has not reported its state: ")
          .doesNotContain("pid");
    }
  }

  @Test
  void saysByWhichProcessAWorkerCanBeStopped() throws Exception {
    // given
    try (HeldLock daemon = HeldLock.of(new Home(folder))) {
      assertThat(daemon).isNotNull();
      Files.writeString(new Home(folder).state().resolve("pid"), "4711\n");

      // when
      String said = ExecutedCommand.in(folder, "status").out();

      // then
      assertThat(said)
          .startsWith(
              "Daemon running for " + folder + " (pid 4711); it has not reported its state: ");
    }
  }

  @Test
  void saysWhatADaemonTold() throws Exception {
    // given
    try (HeldLock daemon = HeldLock.of(new Home(folder))) {
      assertThat(daemon).isNotNull();
      told();

      // when
      String said = ExecutedCommand.in(folder, "status").out();

      // then
      assertThat(said)
          .startsWith("Daemon running for " + folder + " (pid 7)\n")
          .contains("Nothing starts: no aiperf\n");
    }
  }

  @Test
  void doesNotRepeatWhatADaemonToldThatIsGone() throws IOException {
    // given
    Files.createDirectories(folder.resolve(".caravan"));
    told();

    // when
    String said = ExecutedCommand.in(folder, "status").out();

    // then
    assertThat(said).startsWith("No daemon running for " + folder).doesNotContain("no aiperf");
  }

  private void told() throws IOException {
    Files.writeString(new Home(folder).status(), TOLD);
  }
}
