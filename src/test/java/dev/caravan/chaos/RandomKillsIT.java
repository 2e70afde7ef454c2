package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Kills the daemon repeatedly while it works. */
class RandomKillsIT {

  private static final List<String> MODELS =
      List.of("fake-ok", "fake-ok", "fake-sleep-0.2", "fake-sleep-0.6");

  private final Experiment experiment = new Experiment("random kills");

  @Test
  void losesNothingAndRepeatsNoFinishedRunWhenKilledUnderLoad(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int kills = experiment.size(4, 100);
    int configs = experiment.size(14, 350);
    try (Testbed testbed = new Testbed(folder, 4)) {
      testbed.caravan().with("CARAVAN_RUN_MAX_LOST", "1000");

      // when
      for (int kill = 0; kill < kills; kill++) {
        testbed.caravan().with("CARAVAN_WORKERS", String.valueOf(experiment.between(1, 4)));
        submit(testbed, configs * (kill + 1) / kills / 2);
        Program daemon = testbed.startDaemon();
        if (experiment.between(1, 4) > 1) {
          daemon.awaitLine("Watching");
        }
        submit(testbed, configs * (kill + 1) / kills);
        Experiment.sleep(Duration.ofMillis(experiment.between(0, 2500)));
        daemon.kill();
        testbed.recordFinishedRuns();
      }
      testbed.caravan().with("CARAVAN_WORKERS", "4");
      Program last = testbed.startDaemon();
      testbed.awaitSettled(last, Duration.ofMinutes(experiment.size(3, 20)));

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      int executions = testbed.aiperf().executions().size();
      experiment.report(
          "%d kills, %d configs, %d runs, %d executions; %s; finished runs repeated %d, overlaps %d"
              .formatted(
                  kills,
                  testbed.ledger().configs(),
                  testbed.ledger().runs(),
                  executions,
                  found.summary(),
                  testbed.finishedRunsRepeated().size(),
                  testbed.aiperf().overlaps().size()));
      assertThat(found.lost()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
      assertThat(testbed.finishedRunsRepeated()).isEmpty();
      assertThat(testbed.startedTwiceInOneLifetime()).isEmpty();
      assertThat(testbed.aiperf().overlaps()).isEmpty();
      assertThat(executions - testbed.ledger().runs()).isLessThanOrEqualTo(4 * kills);
      Awaitility.await().until(() -> testbed.caravan().runProcesses().isEmpty());
      assertThat(testbed.caravan().temporaryFolders()).isEmpty();
    }
  }

  private void submit(Testbed testbed, int upTo) {
    while (testbed.ledger().configs() < upTo) {
      String model = MODELS.get(experiment.random().nextInt(MODELS.size()));
      testbed.submit(
          experiment.between(2, 4), model, experiment.random().nextInt(testbed.targets().count()));
    }
  }
}
