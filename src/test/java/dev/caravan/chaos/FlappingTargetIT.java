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

/** FakeTargets that go down and come back all the time. */
class FlappingTargetIT {

  /** From the answer of the target to the first line of the fake aiperf, on a busy machine. */
  private static final Duration START = Duration.ofSeconds(2);

  private final Experiment chaos = new Experiment("flapping targets");

  private record Outage(String url, long from, long to) {}

  @Test
  void doesEveryRunAndNoneOnATargetKnownToBeDown(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int runs = chaos.size(20, 500);
    List<Outage> outages = new ArrayList<>();
    ScheduledExecutorService flapping = Executors.newSingleThreadScheduledExecutor();
    try (Testbed scene = new Testbed(folder, 2)) {
      scene.caravan().with("CARAVAN_WORKERS", "2");
      while (scene.ledger().runs() < runs) {
        scene.submit(4, "fake-sleep-0.2", chaos.random().nextInt(2));
      }
      Program daemon = scene.live();
      flap(flapping, scene.targets(), 0, outages);
      flap(flapping, scene.targets(), 1, outages);

      // when
      scene.awaitSettled(daemon, Duration.ofMinutes(chaos.size(3, 30)));
      flapping.shutdownNow();

      // then
      Ledger.Findings found = scene.ledger().check(scene.home());
      long onDown = scene.aiperf().executions().stream().filter(e -> startedIn(outages, e)).count();
      chaos.figures(
          "%d outages, %d runs, %d executions, %d started on a target known to be down; %s"
              .formatted(
                  outages.size(),
                  scene.ledger().runs(),
                  scene.aiperf().executions().size(),
                  onDown,
                  found.message()));
      assertThat(outages.size()).isGreaterThan(3);
      assertThat(found.lost()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
      assertThat(onDown).isZero();
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

  /** Goes down and up again, some seconds each, for as long as the executor lives. */
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
              chaos.between(200, 4000),
              TimeUnit.MILLISECONDS);
        },
        chaos.between(300, 3000),
        TimeUnit.MILLISECONDS);
  }
}
