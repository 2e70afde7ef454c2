package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.app.ChaosDaemon;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** File changes that fail, or succeed but report failure. */
class FailingWritesIT {

  private static final int BAD_CONFIGS = 5;

  private final Experiment experiment = new Experiment("failing writes");

  @Test
  void losesNothingAndTearsNoFileOnAFailingDisk(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws IOException {
    // given
    int configs = experiment.size(12, 600);
    int rate = experiment.between(5, 10);
    try (Testbed testbed = new Testbed(folder, 3);
        TornFileDetector reader = new TornFileDetector(testbed.home())) {
      testbed.caravan().with("CARAVAN_WORKERS", "3").with("CARAVAN_RUN_MAX_LOST", "1000");
      Path armed = testbed.home().resolve("chaos.armed");
      Program daemon =
          testbed.startDaemon(
              ChaosDaemon.class,
              Map.of("chaos.rate", rate + "", "chaos.seed", experiment.seed() + ""));
      daemon.awaitLine("Watching");

      // when
      Files.createFile(armed);
      while (testbed.ledger().configs() < configs) {
        testbed.submit(experiment.between(3, 4), "fake-ok", experiment.random().nextInt(3));
      }
      for (int i = 0; i < BAD_CONFIGS; i++) {
        testbed.caravan().drop("bad" + i + ".yaml", "batch_name: [");
      }
      settles(testbed, daemon, Duration.ofSeconds(experiment.size(15, 300)));
      assertThat(daemon.isRunning()).as(Testbed.tail(daemon.err())).isTrue();
      Files.delete(armed);
      boolean restarted = !settles(testbed, daemon, Duration.ofSeconds(25));
      if (restarted) {
        daemon.terminate();
        assertThat(daemon.exit()).isZero();
        daemon = testbed.startDaemon();
      }
      testbed.awaitSettled(daemon, Duration.ofMinutes(experiment.size(5, 15)));

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      experiment.report(
          "%d %% of changes fail, %d configs, %d runs, %d executions; %s; torn %d of %d reads; %s"
              .formatted(
                  rate,
                  testbed.ledger().configs(),
                  testbed.ledger().runs(),
                  testbed.aiperf().executions().size(),
                  found.summary(),
                  reader.torn().size(),
                  reader.reads(),
                  restarted ? "a restart was needed" : "no restart was needed"));
      assertThat(reader.torn()).isEmpty();
      for (int i = 0; i < BAD_CONFIGS; i++) {
        assertThat(testbed.home().resolve("inbox/.failed/bad" + i + ".yaml")).exists();
      }
      assertThat(found.lost()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      assertThat(testbed.aiperf().overlaps()).isEmpty();
    }
  }

  /** Waits until everything is finished despite the disk; false on timeout or exit. */
  private static boolean settles(Testbed testbed, Program daemon, Duration atMost) {
    try {
      Awaitility.await()
          .atMost(atMost)
          .pollInterval(Duration.ofMillis(250))
          .until(
              () ->
                  testbed.ledger().settled(testbed.home()) && testbed.idle()
                      || !daemon.isRunning());
      return daemon.isRunning();
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }
}
