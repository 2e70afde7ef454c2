package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ending what a dead Caravan left, and nothing else. */
@Timeout(30)
class LeftBehindTest {

  @TempDir Path folder;

  @Test
  void endsWhatADeadCaravanLeftAndNothingElse() throws IOException {
    // given: a tree that nobody follows, and a stranger with the same parent
    Launch launch = Processes.fake(folder, "fake-tree");
    Files.createDirectory(launch.temp());
    Process left = startOnly(launch);
    await().until(() -> Processes.grandchildren(folder).size() == 3);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Process stranger = startOnly(Processes.shell(elsewhere, "exec sleep 600"));
    // when
    int ended = ProcessRunner.endLeftBehind(record(left, launch, bootId()));
    // then: main, its sleep and three grandchildren
    assertThat(ended).isEqualTo(5);
    assertThat(Processes.grandchildren(folder)).noneMatch(Processes::lives);
    assertThat(Processes.lives(left.pid())).isFalse();
    assertThat(launch.temp()).doesNotExist();
    assertThat(stranger.isAlive()).isTrue();
    stranger.destroyForcibly();
  }

  @Test
  void findsALeftoverThatHasOnlyItsSessionAndItsFolder() throws Exception {
    // given: as an aiperf whose main process was killed
    String script = "mkdir run; env -i /bin/sleep 606 & echo $! > run/pids; read -r line < gate";
    Launch launch = Processes.shell(folder, script);
    assertThat(new ProcessBuilder("mkfifo", folder + "/gate").start().waitFor()).isZero();
    Process main = startOnly(launch);
    ProcessRecord record = record(main, launch, bootId());
    await().until(() -> Processes.grandchildren(folder).size() == 1);
    main.destroyForcibly().waitFor();
    // when, then
    assertThat(ProcessRunner.endLeftBehind(record)).isEqualTo(1);
    assertThat(Processes.grandchildren(folder)).noneMatch(Processes::lives);
  }

  @Test
  void takesNoProcessForALeftoverThatOnlyGotItsNumber() throws IOException {
    // given
    Launch launch = Processes.shell(folder, "cd /; unset TMPDIR; exec sleep 600");
    Process now = startOnly(launch);
    ProcessRecord old = record(now, launch, bootId());
    ProcessRecord earlier =
        new ProcessRecord(
            old.pid(), old.startTicks() - 1, old.bootId(), folder.resolve("x"), folder);
    // when, then
    await().until(() -> Processes.showing("sleep\u0000600", "cmdline").contains(now.pid()));
    assertThat(ProcessRunner.endLeftBehind(earlier)).isZero();
    assertThat(ProcessRunner.endLeftBehind(record(now, launch, "another boot"))).isZero();
    assertThat(now.isAlive()).isTrue();
    assertThat(ProcessRunner.endLeftBehind(old)).isEqualTo(1);
  }

  private static ProcessRecord record(Process process, Launch launch, String bootId) {
    long ticks = ProcessEntry.of(process.pid()).orElseThrow().startTicks();
    return new ProcessRecord(process.pid(), ticks, bootId, launch.temp(), launch.directory());
  }

  private static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  private static Process startOnly(Launch launch) {
    try {
      return ProcessStarter.start(launch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
