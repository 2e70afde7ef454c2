package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.ChaosDaemon;
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
import java.util.TreeMap;
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

  private final Chaos chaos = new Chaos("crash points");

  private record Point(String name, String when) {}

  private static final Point HALF_RUN = new Point("write BATCH/RUN/process_result.json", "before");
  private static final Point NOWHERE = new Point("nowhere", "before");
  private static final Set<String> ONCE_A_HOME = Set.of("write .caravan/id", "make aiperf_results");

  @Test
  void losesNothingWhereverBetweenTwoChangesItIsKilled(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws IOException {
    // given
    int repetitions = chaos.size(1, 5);
    try (Scene scene = new Scene(folder, 1)) {
      scene.caravan().with("CARAVAN_RUN_MAX_LOST", "1000");
      List<Point> all = learn(scene, folder.resolve("names"));
      assertThat(all.size()).isGreaterThan(30);
      Collections.shuffle(all, chaos.random());
      List<Point> points = chaos.isShort() ? all.subList(0, 9) : all;
      Map<String, Integer> reached = new TreeMap<>();

      // when
      int kills = 0;
      List<String> missed = new ArrayList<>();
      for (int repetition = 1; repetition <= repetitions; repetition++) {
        for (Point point : points) {
          boolean needsHalfRun = point.name().contains("attempts");
          if (needsHalfRun) {
            haltAt(scene, NOWHERE); // What earlier halts left has its attempts already.
          }
          scene.submit(2, "fake-ok", 0);
          if (needsHalfRun) {
            assertThat(haltAt(scene, HALF_RUN)).isEqualTo(1);
          }
          int halts = haltAt(scene, point);
          kills += halts;
          if (halts == 0) {
            missed.add(point.when() + " " + point.name());
          }
          scene.noteDone();
          reached.merge(point.name(), 1, Integer::sum);
        }
      }
      Program last = scene.live();
      scene.awaitSettled(last, Duration.ofMinutes(3));

      // then
      Ledger.Findings found = scene.ledger().check(scene.home());
      chaos.figures(
          "%d kinds of changes, %d halts before or after one, %d configs; %s; done twice %d"
              .formatted(
                  reached.size(),
                  kills,
                  scene.ledger().configs(),
                  found.words(),
                  scene.doneTwice().size()));
      reached.keySet().forEach(name -> System.out.println("  " + name));
      assertThat(missed).isEmpty();
      assertThat(found.lost()).isEmpty();
      assertThat(found.unexpected()).isEmpty();
      assertThat(found.duplicated()).isEmpty();
      assertThat(found.outcomes()).containsOnlyKeys("succeeded");
      assertThat(scene.doneTwice()).isEmpty();
      assertThat(scene.startedTwiceInALife()).isEmpty();
      assertThat(scene.aiperf().overlaps()).isEmpty();
    }
  }

  /** The changes of a life in which nothing goes wrong but one kill, so that one is resumed. */
  private static List<Point> learn(Scene scene, Path names) throws IOException {
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

  /** Lives until it halts at the point, or has nothing more to do; returns the halts. */
  private static int haltAt(Scene scene, Point point) {
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
              .formatted(point.when(), point.name(), scene.left(), Scene.end(daemon.err())),
          e);
    }
    if (daemon.runs()) {
      daemon.kill();
      return 0;
    }
    assertThat(daemon.exit()).as(daemon.err()).isEqualTo(HALTED);
    return 1;
  }
}
