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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Targets that go down and come back repeatedly. */
class FlappingTargetIT {

  /** Maximum time from the target's response to the start of the fake aiperf on a busy machine. */
  private static final Duration START = Duration.ofSeconds(2);

  private final Experiment experiment = new Experiment("flapping targets");

  private record Outage(String url, long from, long to) {}

  @Test
  void completesEveryRunAndStartsNoneOnATargetKnownToBeDown(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int runs = experiment.size(20, 500);
    List<Outage> outages = new ArrayList<>();
    ScheduledExecutorService flapping = Executors.newSingleThreadScheduledExecutor();
    try (Testbed testbed = new Testbed(folder, 2)) {
      testbed.caravan().with("CARAVAN_WORKERS", "2");
      while (testbed.ledger().runs() < runs) {
        testbed.submit(4, "fake-sleep-0.2", experiment.random().nextInt(2));
      }
      Program daemon = testbed.startDaemon();
      flap(flapping, testbed.targets(), 0, outages);
      flap(flapping, testbed.targets(), 1, outages);

      // when
      testbed.awaitSettled(daemon, Duration.ofMinutes(experiment.size(3, 30)));
      flapping.shutdownNow();

      // then
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      long startedWhileDown =
          testbed.aiperf().executions().stream().filter(e -> startedIn(outages, e)).count();
      experiment.report(
          "%d outages, %d runs, %d executions, %d started on a target known to be down; %s"
              .formatted(
                  outages.size(),
                  testbed.ledger().runs(),
                  testbed.aiperf().executions().size(),
                  startedWhileDown,
                  found.summary()));
      assertThat(outages.size()).isGreaterThan(3);
      assertThat(found.lost()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
      assertThat(startedWhileDown).isZero();
    } finally {
      flapping.shutdownNow();
    }
  }

  private static synchronized boolean startedIn(
      List<Outage> outages, RecordingAiperf.Execution execution) {
    long millis = execution.start() / 1_000_000;
    return outages.stream()
        .anyMatch(
            o ->
                execution.url().startsWith(o.url())
                    && millis > o.from() + START.toMillis()
                    && millis < o.to());
  }

  /** Takes the target down and up again, for seconds each, until the executor is shut down. */
  private void flap(
      ScheduledExecutorService timer, FakeTargets targets, int index, List<Outage> outages) {
    FakeTargets.Target target = targets.get(index);
    timer.schedule(
        () -> {
          target.down();
          timer.schedule(
              () -> {
                outages.add(
                    new Outage(target.url(), target.downSince(), System.currentTimeMillis()));
                target.up();
                flap(timer, targets, index, outages);
              },
              experiment.between(200, 4000),
              TimeUnit.MILLISECONDS);
        },
        experiment.between(300, 3000),
        TimeUnit.MILLISECONDS);
  }
}
