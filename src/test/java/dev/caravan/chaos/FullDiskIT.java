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

/** A small file system that repeatedly becomes full. */
class FullDiskIT {

  private final Experiment experiment = new Experiment("full disk");

  @Test
  void losesNothingAndTearsNoFileOnAFullDisk(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws Exception {
    // given: free space is not checked before a run, so that runs hit the full disk
    int runs = experiment.size(30, 600);
    int periods = experiment.size(3, 6);
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mount(disk, runs), "skipped: cannot mount a tmpfs here (needs root)");
    try (Testbed testbed =
            new Testbed(
                folder,
                "disk/home",
                new RecordingAiperf(folder.resolve("bin")),
                new FakeTargets(3));
        TornFileDetector reader = new TornFileDetector(testbed.home())) {
      testbed
          .caravan()
          .with("CARAVAN_WORKERS", "3")
          .with("CARAVAN_RUN_MAX_LOST", "1000")
          .with("CARAVAN_DISK_MIN_FREE", "0B");
      Program daemon = testbed.startDaemon().awaitLine("Watching");

      // when
      for (int period = 0; period < periods; period++) {
        int before = testbed.aiperf().executions().size();
        while (testbed.ledger().runs() < runs * (period + 1) / periods) {
          testbed.submit(
              experiment.between(3, 6), "fake-sleep-0.2", experiment.random().nextInt(3));
        }
        awaitExecutions(testbed, before + 2);
        Path ballast = fill(disk.resolve("ballast"));
        Experiment.sleep(Duration.ofMillis(experiment.between(500, 3000)));
        Files.delete(ballast);
        Experiment.sleep(Duration.ofMillis(experiment.between(0, 500)));
      }
      testbed.awaitSettled(daemon, Duration.ofMinutes(experiment.size(3, 10)));

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      experiment.report(
          "%d runs, full %d times, %d executions; %s; torn %d of %d reads"
              .formatted(
                  testbed.ledger().runs(),
                  periods,
                  testbed.aiperf().executions().size(),
                  found.summary(),
                  reader.torn().size(),
                  reader.reads()));
      assertThat(reader.torn()).isEmpty();
      assertThat(found.lost()).isEmpty();
      if (!experiment.isShort()) {
        assertThat(found.recovered()).isNotEmpty();
      }
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      assertThat(testbed.aiperf().overlaps()).isEmpty();
    } finally {
      command("umount", "--lazy", disk.toString());
    }
  }

  /** Waits for executions, so that the disk becomes full during runs. */
  private static void awaitExecutions(Testbed testbed, int count) {
    Awaitility.await()
        .atMost(Program.TIMEOUT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> testbed.aiperf().executions().size() >= count);
  }

  /** Mounts a tmpfs with room for about this many runs. */
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
