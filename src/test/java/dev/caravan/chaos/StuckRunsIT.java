package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Runs that hang, ignore signals, have grandchildren, or are killed in their first second. */
class StuckRunsIT {

  private static final List<String> STUCK =
      List.of(
          "fake-hang",
          "fake-hang-in-start",
          "fake-hang-ignoring-sigint",
          "fake-hang-ignoring-all",
          "fake-tree");
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final Experiment experiment = new Experiment("stuck runs");

  /** In the short form with the time that a busy machine takes; they would hang for ten minutes. */
  private final Duration end = Duration.ofSeconds(experiment.isShort() ? 60 : 8);

  @Test
  void endsWholeProcessTreesWithinEightSecondsOfTheirLimit(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws IOException {
    // given
    int runsPerBehaviour = experiment.size(1, 10);
    List<Duration> ends = new ArrayList<>();
    try (FakeTargets targets = new FakeTargets(STUCK.size());
        Caravan caravan = caravan(folder, STUCK.size())) {
      Results home = new Results(caravan);
      for (int i = 0; i < STUCK.size(); i++) {
        caravan.drop(
            i + ".yaml", config("stuck" + i, STUCK.get(i), runsPerBehaviour, targets.url(i)));
      }

      // when
      caravan.startJar("serve").awaitLine("Watching");

      // then
      for (int i = 0; i < STUCK.size(); i++) {
        String name = "stuck" + i;
        Awaitility.await()
            .atMost(Duration.ofSeconds(20L * runsPerBehaviour + 60))
            .until(() -> finished(caravan, name));
        for (int n = 1; n <= runsPerBehaviour; n++) {
          Path run = caravan.batch(name).resolve("concurrency" + n);
          JsonNode result = Results.result(run);
          assertThat(result.path("status").asText()).as(run.toString()).isEqualTo("timed_out");
          double seconds = result.path("duration_seconds").asDouble();
          ends.add(Duration.ofMillis(Math.round(seconds * 1000)).minus(LIMIT));
          assertThat(grandchildren(run)).noneMatch(ProcFs::isAlive);
        }
        assertThat(home.summary(name).path("outcomes").path("timed_out").asInt())
            .isEqualTo(runsPerBehaviour);
      }
      report(caravan, ends, "after their limit of " + LIMIT.toSeconds() + " s");
    }
  }

  @Test
  void leavesNothingBehindWhenARunIsKilledInItsFirstSecond(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws IOException {
    // given
    int kills = experiment.size(3, 20);
    List<Duration> ends = new ArrayList<>();
    // In their own session and without our environment, these cannot be traced once their parent is
    // dead; docs/evidence/reliability.md says so.
    List<ProcessHandle> untraceable = new ArrayList<>();
    try (FakeTargets targets = new FakeTargets(1);
        Caravan caravan = caravan(folder, 1)) {
      Program daemon = caravan.startJar("serve");
      daemon.awaitLine("Watching");

      // when
      for (int i = 0; i < kills; i++) {
        String name = "killed" + i;
        String model = i % 2 == 0 ? "fake-tree" : "fake-hang-ignoring-all";
        caravan.drop(name + ".yaml", config(name, model, 1, targets.url(0)));
        ProcessHandle victim = firstOf(caravan);
        Experiment.sleep(Duration.ofMillis(experiment.between(0, 900)));
        victim.destroyForcibly();
        long before = System.nanoTime();
        Awaitility.await()
            .atMost(Program.TIMEOUT)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> finished(caravan, name));
        ends.add(Duration.ofNanos(System.nanoTime() - before));

        // then
        Path run = caravan.batch(name).resolve("concurrency1");
        assertThat(Results.result(run).path("cause").asText()).isNotEmpty();
        List<Long> grandchildren = grandchildren(run);
        grandchildren.stream()
            .skip(2)
            .flatMap(p -> ProcessHandle.of(p).stream())
            .forEach(untraceable::add);
        assertThat(grandchildren.stream().limit(2)).noneMatch(ProcFs::isAlive);
      }
      report(caravan, ends, "after a kill in their first second");
    } finally {
      untraceable.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private void report(Caravan caravan, List<Duration> ends, String condition) {
    Duration worst = ends.stream().max(Duration::compareTo).orElseThrow();
    experiment.report(
        "%d runs, the slowest gone %.1f s %s; processes left %d, temporary folders left %d"
            .formatted(
                ends.size(),
                worst.toMillis() / 1000.0,
                condition,
                caravan.runProcesses().size(),
                caravan.temporaryFolders().size()));
    assertThat(worst).isLessThanOrEqualTo(end);
    assertThat(caravan.runProcesses()).isEmpty();
    assertThat(caravan.temporaryFolders()).isEmpty();
  }

  private static ProcessHandle firstOf(Caravan caravan) {
    return Awaitility.await()
        .atMost(Program.TIMEOUT)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                caravan.runProcesses().stream()
                    .filter(p -> ProcFs.text(p.pid(), "cmdline").contains("profile"))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** The grandchildren recorded by the fake, including untraceable ones. */
  private static List<Long> grandchildren(Path run) throws IOException {
    Path pids = run.resolve("pids");
    return Files.exists(pids)
        ? Files.readAllLines(pids).stream().map(Long::parseLong).toList()
        : List.of();
  }

  private static boolean finished(Caravan caravan, String name) {
    return caravan.batches(name).stream()
        .map(batch -> batch.resolve("summary.json"))
        .anyMatch(file -> Files.exists(file) && Results.json(file).path("finished_at").isTextual());
  }

  private static Caravan caravan(Path folder, int workers) {
    return Caravan.in(folder)
        .withAiperf(FakeAiperf.in(folder.resolve("bin")))
        .with("CARAVAN_WORKERS", String.valueOf(workers))
        .with("CARAVAN_RUN_ALLOWANCE", LIMIT.minusSeconds(1).toSeconds() + "s");
  }

  private static String config(String batchName, String model, int runs, String url) {
    return new Ledger()
        .record(
            batchName,
            runs,
            model,
            url,
            "limits: {run_timeout: " + LIMIT.toSeconds() + "s}\nretry: {attempts: 1}");
  }
}
