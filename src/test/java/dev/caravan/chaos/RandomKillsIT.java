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

/** Kills the daemon again and again while it works. */
class RandomKillsIT {

  private static final List<String> MODELS =
      List.of("fake-ok", "fake-ok", "fake-sleep-0.2", "fake-sleep-0.6");

  private final Experiment chaos = new Experiment("random kills");

  @Test
  void losesNothingAndRunsNothingTwiceWhenItIsKilledUnderLoad(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int kills = chaos.size(7, 100);
    int configs = chaos.size(24, 350);
    try (Testbed scene = new Testbed(folder, 4)) {
      scene.caravan().with("CARAVAN_RUN_MAX_LOST", "1000");

      // when
      for (int kill = 0; kill < kills; kill++) {
        scene.caravan().with("CARAVAN_WORKERS", String.valueOf(chaos.between(1, 4)));
        submit(scene, configs * (kill + 1) / kills / 2);
        Program daemon = scene.live();
        if (chaos.between(1, 4) > 1) {
          daemon.awaitLine("Watching");
        }
        submit(scene, configs * (kill + 1) / kills);
        Experiment.pass(Duration.ofMillis(chaos.between(0, 2500)));
        daemon.kill();
        scene.noteDone();
      }
      scene.caravan().with("CARAVAN_WORKERS", "4");
      Program last = scene.live();
      scene.awaitSettled(last, Duration.ofMinutes(chaos.size(3, 20)));

      // then
      Ledger.Findings found = scene.ledger().check(scene.home());
      int executions = scene.aiperf().executions().size();
      chaos.figures(
          "%d kills, %d configs, %d runs, %d executions; %s; done twice %d, overlaps %d"
              .formatted(
                  kills,
                  scene.ledger().configs(),
                  scene.ledger().runs(),
                  executions,
                  found.message(),
                  scene.doneTwice().size(),
                  scene.aiperf().overlaps().size()));
      assertThat(found.lost()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
      assertThat(scene.doneTwice()).isEmpty();
      assertThat(scene.startedTwiceInALife()).isEmpty();
      assertThat(scene.aiperf().overlaps()).isEmpty();
      assertThat(executions - scene.ledger().runs()).isLessThanOrEqualTo(4 * kills);
      Awaitility.await().until(() -> scene.caravan().runProcesses().isEmpty());
      assertThat(scene.caravan().temporaryFolders()).isEmpty();
    }
  }

  private void submit(Testbed scene, int upTo) {
    while (scene.ledger().configs() < upTo) {
      String model = MODELS.get(chaos.random().nextInt(MODELS.size()));
      scene.submit(chaos.between(2, 4), model, chaos.random().nextInt(scene.targets().count()));
    }
  }
}
