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

/** Lets changes of files fail, or say that they failed. */
class FailingWritesIT {

  private static final int BAD = 5;

  private final Experiment chaos = new Experiment("failing writes");

  @Test
  void losesNothingAndTearsNothingOnADiskThatFails(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws IOException {
    // given
    int configs = chaos.size(12, 600);
    int rate = chaos.between(5, 10);
    try (Testbed scene = new Testbed(folder, 3);
        TornFileDetector reader = new TornFileDetector(scene.home())) {
      scene.caravan().with("CARAVAN_WORKERS", "3").with("CARAVAN_RUN_MAX_LOST", "1000");
      Path armed = scene.home().resolve("chaos.armed");
      Program daemon =
          scene.live(
              ChaosDaemon.class, Map.of("chaos.rate", rate + "", "chaos.seed", chaos.seed() + ""));
      daemon.awaitLine("Watching");

      // when
      Files.createFile(armed);
      while (scene.ledger().configs() < configs) {
        scene.submit(chaos.between(3, 4), "fake-ok", chaos.random().nextInt(3));
      }
      for (int i = 0; i < BAD; i++) {
        scene.caravan().drop("bad" + i + ".yaml", "batch_name: [");
      }
      settles(scene, daemon, Duration.ofSeconds(chaos.size(15, 300)));
      assertThat(daemon.runs()).as(Testbed.end(daemon.err())).isTrue();
      Files.delete(armed);
      boolean again = !settles(scene, daemon, Duration.ofSeconds(25));
      if (again) {
        daemon.terminate();
        assertThat(daemon.exit()).isZero();
        daemon = scene.live();
      }
      scene.awaitSettled(daemon, Duration.ofMinutes(chaos.size(2, 15)));

      // then
      Ledger.Findings found = scene.ledger().check(scene.home());
      chaos.figures(
          "%d %% of changes fail, %d configs, %d runs, %d executions; %s; torn %d of %d reads; %s"
              .formatted(
                  rate,
                  scene.ledger().configs(),
                  scene.ledger().runs(),
                  scene.aiperf().executions().size(),
                  found.message(),
                  reader.torn().size(),
                  reader.reads(),
                  again ? "a restart was needed" : "no restart was needed"));
      assertThat(reader.torn()).isEmpty();
      for (int i = 0; i < BAD; i++) {
        assertThat(scene.home().resolve("inbox/.failed/bad" + i + ".yaml")).exists();
      }
      assertThat(found.lost()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      assertThat(scene.aiperf().overlaps()).isEmpty();
    }
  }

  /** Waits until all is done in spite of the disk, or this time is over; whether it is done. */
  private static boolean settles(Testbed scene, Program daemon, Duration atMost) {
    try {
      Awaitility.await()
          .atMost(atMost)
          .pollInterval(Duration.ofMillis(250))
          .until(() -> scene.ledger().settled(scene.home()) && scene.idle() || !daemon.runs());
      return daemon.runs();
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }
}
