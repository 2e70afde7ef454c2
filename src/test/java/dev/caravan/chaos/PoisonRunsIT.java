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

/** Runs that kill their daemon whenever they are started, among others that do not. */
class PoisonRunsIT {

  /** The default of {@code caravan.run.max-lost}, which no other experiment keeps. */
  private static final int MAX_LOST = 5;

  private static final String DEADLY = "fake-kills-caravan";

  private final Experiment experiment = new Experiment("deadly runs");

  @Test
  void givesUpARunThatEndsItsDaemonEachTimeAndDoesTheOthers(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int deadly = experiment.size(1, 8);
    List<String> models = new ArrayList<>(Collections.nCopies(deadly, DEADLY));
    models.addAll(Collections.nCopies(experiment.size(3, 50), "fake-ok"));
    Collections.shuffle(models, experiment.random());
    try (Testbed testbed = new Testbed(folder, 2)) {
      for (String model : models) {
        testbed.submit(
            model.equals(DEADLY) ? 1 : experiment.between(1, 3), model, experiment.between(0, 1));
      }

      // when
      int kills = 0;
      while (kills <= MAX_LOST * deadly && !settles(testbed, testbed.startDaemon())) {
        kills++;
      }

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      int letters = testbed.caravan().list("inbox/.dead").size();
      experiment.report(
          "%d of %d runs kill their daemon; killed %d times, %d executions; %s; dead letters %d"
              .formatted(
                  deadly,
                  testbed.ledger().runs(),
                  kills,
                  testbed.aiperf().executions().size(),
                  found.summary(),
                  letters));
      int good = testbed.ledger().runs() - deadly;
      assertThat(kills).isEqualTo(MAX_LOST * deadly);
      assertThat(testbed.aiperf().executions()).hasSize(good + kills);
      assertThat(found.outcomes()).isEqualTo(Map.of("succeeded", good, "failed/lost", deadly));
      assertThat(letters).isEqualTo(deadly);
      assertThat(found.lost()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      Awaitility.await().until(() -> testbed.caravan().runProcesses().isEmpty());
    }
  }

  /** Lives until all has ended, or the daemon has; whether all has. */
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
      throw new AssertionError("neither done nor dead: " + testbed.pending(), e);
    }
    return daemon.isRunning();
  }
}
