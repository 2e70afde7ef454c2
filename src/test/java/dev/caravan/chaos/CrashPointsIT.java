package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.app.ChaosDaemon;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Halts the daemon before and after each kind of file change it makes, from accepting a config to
 * recording its last run. The kinds are recorded in a first run without faults.
 */
class CrashPointsIT {

  private static final int HALT_EXIT_CODE = 137;
  private static final int LANES = 2;
  private static final int POINTS_IN_SHORT_FORM = 4;

  private final Experiment experiment = new Experiment("crash points");

  private record Point(String name, String when) {}

  private static final Point HALF_RUN = new Point("write BATCH/RUN/process_result.json", "before");
  private static final Point NOWHERE = new Point("nowhere", "before");
  private static final Set<String> ONCE_PER_HOME =
      Set.of(
          "write .caravan/id",
          "write .caravan/place",
          "make aiperf_results",
          "move .caravan/outputs.UUID.tmp -> .caravan/outputs");

  @Test
  void losesNothingWhereverItIsKilled(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws Exception {
    // given
    List<Lane> lanes =
        IntStream.range(0, experiment.isShort() ? 1 : LANES)
            .mapToObj(n -> new Lane(testbed(folder.resolve("lane" + n))))
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(lanes.size());
    try {
      List<Point> all = learn(lanes.get(0).testbed(), folder.resolve("names"));
      assertThat(all.size()).isGreaterThan(30);
      share(all, lanes);

      // when
      for (Future<?> lane : lanes.stream().map(threads::submit).toList()) {
        lane.get();
      }

      // then
      report(lanes);
      lanes.forEach(CrashPointsIT::check);
    } finally {
      threads.shutdownNow();
      lanes.forEach(lane -> lane.testbed().close());
    }
  }

  private static Testbed testbed(Path folder) {
    Testbed testbed = new Testbed(folder, 1);
    testbed.caravan().with("CARAVAN_RUN_MAX_LOST", "1000");
    return testbed;
  }

  /** Distributes the halts over the lanes. */
  private void share(List<Point> all, List<Lane> lanes) {
    int n = 0;
    for (int repetition = 1; repetition <= experiment.size(1, 5); repetition++) {
      List<Point> points = new ArrayList<>(all);
      Collections.shuffle(points, experiment.random());
      for (Point point : experiment.isShort() ? points.subList(0, POINTS_IN_SHORT_FORM) : points) {
        lanes.get(n++ % lanes.size()).points().add(point);
      }
    }
  }

  /** A home in which halts happen one after the other, in parallel to other lanes. */
  private record Lane(Testbed testbed, List<Point> points, List<Point> halted, List<String> missed)
      implements Runnable {

    private static boolean needsHalfRun(Point point) {
      return point.name().contains("attempts");
    }

    Lane(Testbed testbed) {
      this(testbed, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public void run() {
      // First, as long as no runs are left.
      points.sort(Comparator.comparing(Lane::needsHalfRun).reversed());
      for (int n = 0; n < points.size(); n++) {
        Point point = points.get(n);
        boolean needsHalfRun = needsHalfRun(point);
        if (needsHalfRun && n > 0) {
          haltAt(testbed, NOWHERE); // Runs left by earlier halts already have attempts.
        }
        testbed.submit(2, "fake-ok", 0);
        if (needsHalfRun) {
          assertThat(haltAt(testbed, HALF_RUN)).isTrue();
        }
        if (haltAt(testbed, point)) {
          halted.add(point);
        } else {
          missed.add(point.when() + " " + point.name());
        }
        testbed.recordFinishedRuns();
      }
      testbed.awaitSettled(testbed.startDaemon(), Duration.ofMinutes(3));
    }
  }

  private void report(List<Lane> lanes) {
    Set<String> kinds = new TreeSet<>();
    lanes.forEach(lane -> lane.halted().forEach(point -> kinds.add(point.name())));
    String found =
        lanes.stream()
            .map(
                lane ->
                    "%d configs, %s, finished runs repeated %d"
                        .formatted(
                            lane.testbed().ledger().configs(),
                            lane.testbed().ledger().check(lane.testbed().home()).summary(),
                            lane.testbed().finishedRunsRepeated().size()))
            .collect(Collectors.joining("; "));
    int halts = lanes.stream().mapToInt(lane -> lane.halted().size()).sum();
    experiment.report(
        "%d kinds of changes, %d halts before or after one; %s"
            .formatted(kinds.size(), halts, found));
    kinds.forEach(name -> System.out.println("  " + name));
  }

  private static void check(Lane lane) {
    Testbed testbed = lane.testbed();
    Ledger.Findings found = testbed.ledger().check(testbed.home());
    assertThat(lane.missed()).isEmpty();
    assertThat(found.lost()).isEmpty();
    assertThat(found.unexpected()).isEmpty();
    assertThat(found.duplicated()).isEmpty();
    assertThat(found.outcomes()).containsOnlyKeys("succeeded");
    assertThat(testbed.finishedRunsRepeated()).isEmpty();
    assertThat(testbed.startedTwiceInOneLifetime()).isEmpty();
    assertThat(testbed.aiperf().overlaps()).isEmpty();
  }

  /** The changes made with a single kill, so that one run is resumed. */
  private static List<Point> learn(Testbed testbed, Path names) throws IOException {
    Map<String, String> recording = Map.of("chaos.names", names.toString());
    testbed.submit(2, "fake-ok", 0);
    Program first =
        testbed.startDaemon(
            ChaosDaemon.class,
            Map.of(
                "chaos.names", names.toString(),
                "chaos.halt", HALF_RUN.name(),
                "chaos.when", HALF_RUN.when()));
    assertThat(first.exit()).isEqualTo(HALT_EXIT_CODE);
    Program second = testbed.startDaemon(ChaosDaemon.class, recording);
    testbed.awaitSettled(second, Duration.ofMinutes(3));
    second.terminate();
    second.exit();
    List<Point> points = new ArrayList<>();
    Files.readAllLines(names).stream()
        .distinct()
        .filter(name -> !ONCE_PER_HOME.contains(name))
        .filter(name -> !name.startsWith("make inbox") && !name.startsWith("make .caravan"))
        .forEach(
            name -> {
              points.add(new Point(name, "before"));
              points.add(new Point(name, "after"));
            });
    return points;
  }

  /**
   * Runs a daemon until it halts at the point or has nothing left to do; returns whether it halted.
   */
  private static boolean haltAt(Testbed testbed, Point point) {
    Program daemon =
        testbed.startDaemon(
            ChaosDaemon.class,
            Map.of(
                "chaos.halt", point.name(),
                "chaos.when", point.when()));
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(50))
          .until(
              () ->
                  !daemon.isRunning()
                      || testbed.ledger().settled(testbed.home()) && testbed.idle());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "neither settled nor halted %s %s: %s%n%s"
              .formatted(point.when(), point.name(), testbed.pending(), Testbed.tail(daemon.err())),
          e);
    }
    if (point.equals(NOWHERE) || !haltsSoon(daemon)) {
      daemon.kill();
      return false;
    }
    assertThat(daemon.exit()).as(daemon.err()).isEqualTo(HALT_EXIT_CODE);
    return true;
  }

  /** The change that was awaited may not be its last one. */
  private static boolean haltsSoon(Program daemon) {
    try {
      Awaitility.await().until(() -> !daemon.isRunning());
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }
}
