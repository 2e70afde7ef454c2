package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Targets that go down and come back repeatedly. */
class FlappingTargetIT {

  private static final int OUTAGES = 4;

  private final Experiment experiment = new Experiment("flapping targets");
  private final AtomicInteger outages = new AtomicInteger();

  @Test
  void completesEveryRunAndStartsNoneOnATargetKnownToBeDown(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int runs = experiment.size(20, 500);
    ScheduledExecutorService flapping = Executors.newSingleThreadScheduledExecutor();
    try (Testbed testbed = new Testbed(folder, 2)) {
      testbed.caravan().with("CARAVAN_WORKERS", "2");
      submit(testbed, runs);
      Program daemon = testbed.startDaemon();
      flap(flapping, testbed.targets().get(0));
      flap(flapping, testbed.targets().get(1));

      // when
      testbed.awaitSettled(daemon, Duration.ofMinutes(experiment.size(3, 30)));
      while (outages.get() < OUTAGES) {
        submit(testbed, testbed.ledger().runs() + 4);
        testbed.awaitSettled(daemon, Duration.ofMinutes(3));
      }
      flapping.shutdownNow();

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      List<RecordingAiperf.Execution> unasked = unasked(testbed);
      experiment.report(
          "%d outages, %d runs, %d executions, %d started on a target known to be down; %s"
              .formatted(
                  outages.get(),
                  testbed.ledger().runs(),
                  testbed.aiperf().executions().size(),
                  unasked.size(),
                  found.summary()));
      assertThat(found.lost()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
      assertThat(unasked).isEmpty();
    } finally {
      flapping.shutdownNow();
    }
  }

  private void submit(Testbed testbed, int upTo) {
    while (testbed.ledger().runs() < upTo) {
      testbed.submit(4, "fake-sleep-0.2", experiment.random().nextInt(2));
    }
  }

  /**
   * Executions whose target gave no answer since the one before them. How long ago it gave one is
   * left open: a busy machine may take seconds to start a program.
   */
  private static List<RecordingAiperf.Execution> unasked(Testbed testbed) {
    List<RecordingAiperf.Execution> unasked = new ArrayList<>();
    for (int n = 0; n < testbed.targets().count(); n++) {
      FakeTargets.Target target = testbed.targets().get(n);
      long before = 0;
      for (RecordingAiperf.Execution execution : testbed.aiperf().executions()) {
        if (execution.url().startsWith(target.url())) {
          if (!target.answered(before, execution.start())) {
            unasked.add(execution);
          }
          before = execution.end();
        }
      }
    }
    return unasked;
  }

  /** Takes the target down and up again, for seconds each, until the executor is shut down. */
  private void flap(ScheduledExecutorService timer, FakeTargets.Target target) {
    timer.schedule(
        () -> {
          target.down();
          timer.schedule(
              () -> {
                outages.incrementAndGet();
                target.up();
                flap(timer, target);
              },
              experiment.between(200, 4000),
              TimeUnit.MILLISECONDS);
        },
        experiment.between(300, 3000),
        TimeUnit.MILLISECONDS);
  }
}
