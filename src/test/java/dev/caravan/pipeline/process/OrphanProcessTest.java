package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the processes that a dead Caravan left behind, and no others. */
class OrphanProcessTest {

  @TempDir Path folder;

  @Test
  void killsOnlyTheProcessesOfTheDeadCaravan() throws IOException {
    // given: an orphaned tree, and an unrelated process with the same parent
    Launch launch = Processes.fake(folder, "fake-tree");
    Files.createDirectory(launch.temp());
    Process orphan = start(launch);
    await().until(() -> orphan.children().count() == 4); // the last one is its sleep
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Process unrelated = start(Processes.shell(elsewhere, "exec sleep 600"));
    // when
    int killed = ProcessRunner.killOrphans(record(orphan, launch, bootId()));
    // then: the main process, its sleep and three grandchildren
    assertThat(killed).isEqualTo(5);
    assertThat(Processes.grandchildren(folder)).noneMatch(Processes::isAlive);
    assertThat(Processes.isAlive(orphan.pid())).isFalse();
    assertThat(launch.temp()).doesNotExist();
    assertThat(unrelated.isAlive()).isTrue();
    unrelated.destroyForcibly();
  }

  @Test
  void findsAnOrphanByItsSessionAndFolderOnly() throws Exception {
    // given: like an aiperf whose main process was killed
    String script = "mkdir run; env -i /bin/sleep 606 & echo $! > run/pids; read -r line < gate";
    Launch launch = Processes.shell(folder, script);
    Fifo.create(folder.resolve("gate"));
    Process main = start(launch);
    ProcessRecord record = record(main, launch, bootId());
    await().until(() -> Processes.grandchildren(folder).size() == 1);
    main.destroyForcibly().waitFor();
    // when, then
    assertThat(ProcessRunner.killOrphans(record)).isEqualTo(1);
    assertThat(Processes.grandchildren(folder)).noneMatch(Processes::isAlive);
  }

  @Test
  void sparesAProcessThatOnlyReusesThePid() throws IOException {
    // given
    Launch launch = Processes.shell(folder, "cd /; unset TMPDIR; exec sleep 600");
    Process current = start(launch);
    ProcessRecord record = record(current, launch, bootId());
    ProcessRecord earlier =
        new ProcessRecord(
            record.pid(), record.startTicks() - 1, record.bootId(), folder.resolve("x"), folder);
    // when, then
    await().until(() -> Processes.containing("sleep\u0000600", "cmdline").contains(current.pid()));
    assertThat(ProcessRunner.killOrphans(earlier)).isZero();
    assertThat(ProcessRunner.killOrphans(record(current, launch, "another boot"))).isZero();
    assertThat(current.isAlive()).isTrue();
    assertThat(ProcessRunner.killOrphans(record)).isEqualTo(1);
  }

  private static ProcessRecord record(Process process, Launch launch, String bootId) {
    long ticks = ProcessEntry.of(process.pid()).orElseThrow().startTicks();
    return new ProcessRecord(process.pid(), ticks, bootId, launch.temp(), launch.directory());
  }

  private static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  private static Process start(Launch launch) {
    try {
      return ProcessStarter.start(launch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
