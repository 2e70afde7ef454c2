package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Runs that kill their daemon whenever they start (poison runs), among ordinary ones. */
class PoisonRunsIT {

  private static final String POISON = "fake-kills-caravan";

  private final Experiment experiment = new Experiment("poison runs");

  /** As many as by default in the long form; the other experiments allow more. */
  private final int maxLost = experiment.size(2, 5);

  @Test
  void givesUpPoisonRunsAndCompletesTheOthers(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int poison = experiment.size(1, 8);
    List<String> models = new ArrayList<>(Collections.nCopies(poison, POISON));
    models.addAll(Collections.nCopies(experiment.size(3, 50), "fake-ok"));
    Collections.shuffle(models, experiment.random());
    try (Testbed testbed = new Testbed(folder, 2)) {
      testbed.caravan().with("CARAVAN_RUN_MAX_LOST", String.valueOf(maxLost));
      for (String model : models) {
        testbed.submit(
            model.equals(POISON) ? 1 : experiment.between(1, 3), model, experiment.between(0, 1));
      }

      // when
      int kills = 0;
      while (kills <= maxLost * poison && !settles(testbed, testbed.startDaemon())) {
        kills++;
      }

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      int deadLetters = testbed.caravan().list("inbox/.dead").size();
      experiment.report(
          "%d of %d runs kill their daemon; killed %d times, %d executions; %s; dead letters %d"
              .formatted(
                  poison,
                  testbed.ledger().runs(),
                  kills,
                  testbed.aiperf().executions().size(),
                  found.summary(),
                  deadLetters));
      int good = testbed.ledger().runs() - poison;
      assertThat(kills).isEqualTo(maxLost * poison);
      assertThat(testbed.aiperf().executions()).hasSize(good + kills);
      assertThat(found.outcomes()).isEqualTo(Map.of("succeeded", good, "failed/lost", poison));
      assertThat(deadLetters).isEqualTo(poison);
      assertThat(found.lost()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      Awaitility.await()
          .atMost(Program.TIMEOUT)
          .until(() -> testbed.caravan().runProcesses().isEmpty());
    }
  }

  /**
   * Waits until everything is finished or the daemon has exited; returns whether it is finished.
   */
  private static boolean settles(Testbed testbed, Program daemon) {
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(100))
          .until(
              () ->
                  !daemon.isRunning()
                      || testbed.ledger().settled(testbed.home()) && testbed.idle());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("neither finished nor exited: " + testbed.pending(), e);
    }
    return daemon.isRunning();
  }
}
