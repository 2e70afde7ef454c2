package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.testing.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A file system of a few megabytes that is really full, again and again. */
class FullDiskIT {

  private final Experiment chaos = new Experiment("full disk");

  @Test
  void losesNothingAndTearsNothingOnADiskThatIsFull(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    // given: space is not looked at before a run, so that runs meet the full disk
    int runs = chaos.size(30, 600);
    int periods = chaos.size(3, 6);
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        mount(disk, runs), "skipped: a tmpfs cannot be mounted here (that takes root's rights)");
    try (Testbed scene =
            new Testbed(
                folder,
                "disk/home",
                new RecordingAiperf(folder.resolve("bin")),
                new FakeTargets(3));
        TornFileDetector reader = new TornFileDetector(scene.home())) {
      scene
          .caravan()
          .with("CARAVAN_WORKERS", "3")
          .with("CARAVAN_RUN_MAX_LOST", "1000")
          .with("CARAVAN_DISK_MIN_FREE", "0B");
      Program daemon = scene.live().awaitLine("Watching");

      // when
      int full = 0;
      for (int period = 0; period < periods; period++) {
        while (scene.ledger().runs() < runs * (period + 1) / periods) {
          scene.submit(chaos.between(3, 6), "fake-sleep-0.2", chaos.random().nextInt(3));
        }
        awaitExecutions(scene, scene.aiperf().executions().size() + 2);
        Path ballast = fill(disk.resolve("ballast"));
        full += Files.getFileStore(disk).getUsableSpace() == 0 ? 1 : 0;
        Experiment.pass(Duration.ofMillis(chaos.between(500, 3000)));
        Files.delete(ballast);
        Experiment.pass(Duration.ofMillis(chaos.between(0, 500)));
      }
      scene.awaitSettled(daemon, Duration.ofMinutes(chaos.size(3, 10)));

      // then
      Ledger.Findings found = scene.ledger().check(scene.home());
      chaos.figures(
          "%d runs, full %d times, %d executions; %s; torn %d of %d reads"
              .formatted(
                  scene.ledger().runs(),
                  full,
                  scene.aiperf().executions().size(),
                  found.message(),
                  reader.torn().size(),
                  reader.reads()));
      assertThat(full).isEqualTo(periods);
      assertThat(reader.torn()).isEmpty();
      assertThat(found.lost()).isEmpty();
      if (!chaos.isShort()) {
        assertThat(found.recovered()).isNotEmpty();
      }
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      assertThat(scene.aiperf().overlaps()).isEmpty();
    } finally {
      command("umount", "--lazy", disk.toString());
    }
  }

  /** The disk is to become full under runs. */
  private static void awaitExecutions(Testbed scene, int count) {
    Awaitility.await()
        .atMost(Program.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> scene.aiperf().executions().size() >= count);
  }

  /** A tmpfs with room for so many runs, and not much more. */
  private static boolean mount(Path disk, int runs) throws Exception {
    String size = "size=" + (8_000 + 200 * runs) + "k";
    return command("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk.toString()) == 0;
  }

  private static Path fill(Path ballast) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
    return ballast;
  }

  private static int command(String... argv) throws Exception {
    Process process = new ProcessBuilder(List.of(argv)).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    process.waitFor(10, TimeUnit.SECONDS);
    return process.exitValue();
  }
}
