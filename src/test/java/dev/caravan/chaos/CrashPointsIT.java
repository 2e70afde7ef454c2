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
 * Halts the daemon before and after each kind of change that it makes to files from accepting a
 * config to recording its last run. The kinds are learned from a first life that goes well.
 */
class CrashPointsIT {

  private static final int HALTED = 137;
  private static final int LANES = 2;
  private static final Duration LAST_CHANGE = Duration.ofMillis(500);
  private static final int IN_SHORT_FORM = 5;

  private final Experiment chaos = new Experiment("crash points");

  private record Point(String name, String when) {}

  private static final Point HALF_RUN = new Point("write BATCH/RUN/process_result.json", "before");
  private static final Point NOWHERE = new Point("nowhere", "before");
  private static final Set<String> ONCE_A_HOME =
      Set.of("write .caravan/id", "write .caravan/place", "make aiperf_results");

  @Test
  void losesNothingWhereverBetweenTwoChangesItIsKilled(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    // given
    List<Lane> lanes =
        IntStream.range(0, chaos.isShort() ? 1 : LANES)
            .mapToObj(n -> new Lane(scene(folder.resolve("lane" + n))))
            .toList();
    ExecutorService threads = Executors.newFixedThreadPool(lanes.size());
    try {
      List<Point> all = learn(lanes.get(0).scene(), folder.resolve("names"));
      assertThat(all.size()).isGreaterThan(30);
      share(all, lanes);

      // when
      for (Future<?> lane : lanes.stream().map(threads::submit).toList()) {
        lane.get();
      }

      // then
      figures(lanes);
      lanes.forEach(CrashPointsIT::check);
    } finally {
      threads.shutdownNow();
      lanes.forEach(lane -> lane.scene().close());
    }
  }

  private static Testbed scene(Path folder) {
    Testbed scene = new Testbed(folder, 1);
    scene.caravan().with("CARAVAN_RUN_MAX_LOST", "1000");
    return scene;
  }

  /** Gives each lane its part of all halts. */
  private void share(List<Point> all, List<Lane> lanes) {
    int n = 0;
    for (int repetition = 1; repetition <= chaos.size(1, 5); repetition++) {
      List<Point> points = new ArrayList<>(all);
      Collections.shuffle(points, chaos.random());
      for (Point point : chaos.isShort() ? points.subList(0, IN_SHORT_FORM) : points) {
        lanes.get(n++ % lanes.size()).points().add(point);
      }
    }
  }

  /** Halts one after the other in a home of their own; with other lanes, to take less time. */
  private record Lane(Testbed scene, List<Point> points, List<Point> halted, List<String> missed)
      implements Runnable {

    Lane(Testbed scene) {
      this(scene, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public void run() {
      for (Point point : points) {
        boolean needsHalfRun = point.name().contains("attempts");
        if (needsHalfRun) {
          haltAt(scene, NOWHERE); // What earlier halts left has its attempts already.
        }
        scene.submit(2, "fake-ok", 0);
        if (needsHalfRun) {
          assertThat(haltAt(scene, HALF_RUN)).isTrue();
        }
        if (haltAt(scene, point)) {
          halted.add(point);
        } else {
          missed.add(point.when() + " " + point.name());
        }
        scene.noteDone();
      }
      scene.awaitSettled(scene.live(), Duration.ofMinutes(3));
    }
  }

  private void figures(List<Lane> lanes) {
    Set<String> kinds = new TreeSet<>();
    lanes.forEach(lane -> lane.halted().forEach(point -> kinds.add(point.name())));
    String found =
        lanes.stream()
            .map(
                lane ->
                    "%d configs, %s, done twice %d"
                        .formatted(
                            lane.scene().ledger().configs(),
                            lane.scene().ledger().check(lane.scene().home()).message(),
                            lane.scene().doneTwice().size()))
            .collect(Collectors.joining("; "));
    int halts = lanes.stream().mapToInt(lane -> lane.halted().size()).sum();
    chaos.figures(
        "%d kinds of changes, %d halts before or after one; %s"
            .formatted(kinds.size(), halts, found));
    kinds.forEach(name -> System.out.println("  " + name));
  }

  private static void check(Lane lane) {
    Testbed scene = lane.scene();
    Ledger.Findings found = scene.ledger().check(scene.home());
    assertThat(lane.missed()).isEmpty();
    assertThat(found.lost()).isEmpty();
    assertThat(found.unexpected()).isEmpty();
    assertThat(found.duplicated()).isEmpty();
    assertThat(found.outcomes()).containsOnlyKeys("succeeded");
    assertThat(scene.doneTwice()).isEmpty();
    assertThat(scene.startedTwiceInALife()).isEmpty();
    assertThat(scene.aiperf().overlaps()).isEmpty();
  }

  /** The changes of a life in which nothing goes wrong but one kill, so that one is resumed. */
  private static List<Point> learn(Testbed scene, Path names) throws IOException {
    Map<String, String> noting = Map.of("chaos.names", names.toString());
    scene.submit(2, "fake-ok", 0);
    Program first =
        scene.live(
            ChaosDaemon.class,
            Map.of(
                "chaos.names", names.toString(),
                "chaos.halt", HALF_RUN.name(),
                "chaos.when", HALF_RUN.when()));
    assertThat(first.exit()).isEqualTo(HALTED);
    Program second = scene.live(ChaosDaemon.class, noting);
    scene.awaitSettled(second, Duration.ofMinutes(1));
    second.terminate();
    second.exit();
    List<Point> points = new ArrayList<>();
    Files.readAllLines(names).stream()
        .distinct()
        .filter(name -> !ONCE_A_HOME.contains(name))
        .filter(name -> !name.startsWith("make inbox") && !name.startsWith("make .caravan"))
        .forEach(
            name -> {
              points.add(new Point(name, "before"));
              points.add(new Point(name, "after"));
            });
    return points;
  }

  /** Lives until it halts at the point, or has nothing more to do; whether it halted. */
  private static boolean haltAt(Testbed scene, Point point) {
    Program daemon =
        scene.live(
            ChaosDaemon.class,
            Map.of(
                "chaos.halt", point.name(),
                "chaos.when", point.when()));
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !daemon.runs() || scene.ledger().settled(scene.home()) && scene.idle());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "not settled, nor halted %s %s: %s%n%s"
              .formatted(point.when(), point.name(), scene.left(), Testbed.end(daemon.err())),
          e);
    }
    if (daemon.runs()) {
      Experiment.pass(LAST_CHANGE); // It may be about to halt after the change that was waited for.
    }
    if (daemon.runs()) {
      daemon.kill();
      return false;
    }
    assertThat(daemon.exit()).as(daemon.err()).isEqualTo(HALTED);
    return true;
  }
}
