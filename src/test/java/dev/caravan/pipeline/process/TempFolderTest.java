package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What dead Caravans left in the folder of temporary files. */
class TempFolderTest {

  @TempDir Path base;

  /** A Caravan may die between the start of a process and its record. */
  @Test
  void endsTheUnrecordedProcessOfADeadCaravan() throws Exception {
    // given
    Process caravan = new ProcessBuilder("true").start();
    caravan.waitFor();
    Process left = sleeperIn(base.resolve("cv-" + caravan.pid() + "-00000001"));

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

  private static Process sleeperIn(Path temp) throws IOException {
    Files.createDirectory(temp);
    ProcessBuilder sleeper = new ProcessBuilder("sleep", "600");
    sleeper.environment().put("TMPDIR", temp.toString());
    Process started = sleeper.start();
    // The kernel shows no environment while it executes a program.
    await().until(() -> ProcFs.text(started.pid(), "environ").contains("TMPDIR=" + temp));
    return started;
  }
}
