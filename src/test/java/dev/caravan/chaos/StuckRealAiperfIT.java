package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import dev.caravan.testing.RealAiperf;
import dev.caravan.testing.Results;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The real aiperf in every state in which it does not exit by itself. */
class StuckRealAiperfIT {

  /** Time limit from its start, which includes some seconds before its first request. */
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Experiment experiment = new Experiment("stuck runs of the real aiperf");

  /** In the short form with the time that a busy machine takes; they would hang for an hour. */
  private final Duration end = Duration.ofSeconds(experiment.isShort() ? 60 : 8);

  /** What happens to the run. */
  private enum Fault {
    TARGET_NEVER_RESPONDS,
    WHOLE_TREE_IS_STOPPED,
    MAIN_PROCESS_IS_STOPPED,
    LIMIT_DURING_STARTUP,
    MAIN_PROCESS_IS_KILLED_IN_FIRST_SECOND
  }

  @Test
  void endsTheWholeProcessTreeWithinEightSecondsOfItsLimit(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    // given
    RealAiperf.ready(folder.resolve("setup"));
    List<Fault> faults = List.of(Fault.values()).subList(0, experiment.isShort() ? 1 : 5);
    Duration slowest = Duration.ZERO;
    int processes = 0;
    try (Simulator llm =
            Simulator.start(SimulatorOptions.defaults().withPort(0).withTtft(Duration.ofHours(1)));
        Caravan caravan = Caravan.in(folder).with("CARAVAN_AIPERF_COMMAND", "")) {
      Program daemon = caravan.startJar("serve").awaitLine("Watching");

      // when
      for (Fault fault : faults) {
        Duration limit = fault == Fault.LIMIT_DURING_STARTUP ? Duration.ofSeconds(2) : LIMIT;
        String name = fault.name().toLowerCase(Locale.ROOT);
        caravan.drop(name + ".yaml", config(name, llm.url(), limit));
        Set<ProcessHandle> seen = new HashSet<>();
        inject(fault, caravan, daemon, name, seen);
        awaitEnd(caravan, daemon, name, seen);

        // then
        JsonNode result = Results.result(caravan.batch(name));
        boolean killed = fault == Fault.MAIN_PROCESS_IS_KILLED_IN_FIRST_SECOND;
        assertThat(result.path("status").asText()).isEqualTo(killed ? "failed" : "timed_out");
        long millis = Math.round(result.path("duration_seconds").asDouble() * 1000);
        Duration late = Duration.ofMillis(millis).minus(killed ? Duration.ZERO : limit);
        slowest = late.compareTo(slowest) > 0 ? late : slowest;
        assertThat(seen).as(name).noneMatch(process -> ProcFs.isAlive(process.pid()));
        processes += seen.size();
      }
      experiment.report(
          "%d runs of %d processes, the slowest gone %.1f s after its limit; folders left %d"
              .formatted(
                  faults.size(),
                  processes,
                  slowest.toMillis() / 1000.0,
                  caravan.temporaryFolders().size()));
      assertThat(slowest).isLessThanOrEqualTo(end);
      assertThat(caravan.temporaryFolders()).isEmpty();
    }
  }

  private static void inject(
      Fault fault, Caravan caravan, Program daemon, String name, Set<ProcessHandle> seen)
      throws IOException {
    ProcessHandle main = main(daemon);
    switch (fault) {
      case TARGET_NEVER_RESPONDS, LIMIT_DURING_STARTUP -> seen.add(main);
      case MAIN_PROCESS_IS_KILLED_IN_FIRST_SECOND -> {
        seen.add(main);
        Experiment.sleep(Duration.ofMillis(800));
        seen.addAll(tree(daemon));
        main.destroyForcibly();
      }
      default -> {
        Awaitility.await().atMost(LIMIT).until(() -> hasStarted(caravan, daemon, name));
        seen.addAll(tree(daemon));
        Set<ProcessHandle> stopped =
            fault == Fault.WHOLE_TREE_IS_STOPPED ? Set.copyOf(seen) : Set.of(main);
        stopped.forEach(StuckRealAiperfIT::stop);
      }
    }
  }

  /** Whether it is past its startup, when its services run as separate processes. */
  private static boolean hasStarted(Caravan caravan, Program daemon, String name)
      throws IOException {
    Path log = caravan.batch(name).resolve("logs/aiperf.log");
    return tree(daemon).size() > 3 && Files.exists(log) && Files.size(log) > 2000;
  }

  private static ProcessHandle main(Program daemon) {
    return Awaitility.await()
        .atMost(Program.TIMEOUT)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                ProcessHandle.of(daemon.pid())
                    .orElseThrow()
                    .children()
                    .filter(child -> ProcFs.text(child.pid(), "cmdline").contains("profile"))
                    .toList(),
            found -> !found.isEmpty())
        .get(0);
  }

  private static Set<ProcessHandle> tree(Program daemon) {
    Set<ProcessHandle> all = new HashSet<>();
    ProcessHandle.of(daemon.pid())
        .orElseThrow()
        .descendants()
        .filter(process -> !isGuard(process))
        .forEach(all::add);
    return all;
  }

  /** The daemon's orphan guard belongs to no run and runs as long as the daemon. */
  private static boolean isGuard(ProcessHandle process) {
    return ProcFs.text(process.pid(), "cmdline").contains("noted=$new_line");
  }

  private static void awaitEnd(
      Caravan caravan, Program daemon, String name, Set<ProcessHandle> seen) {
    Awaitility.await()
        .atMost(LIMIT.plus(Program.TIMEOUT))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              Path summary = caravan.batch(name).resolve("summary.json");
              boolean finished =
                  Files.exists(summary) && Results.json(summary).path("finished_at").isTextual();
              if (!finished) {
                seen.addAll(tree(daemon));
              }
              return finished;
            });
  }

  private static void stop(ProcessHandle process) {
    try {
      new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String config(String name, String url, Duration limit) {
    return """
        batch_name: %s
        readiness: {preflight: false}
        retry: {attempts: 1}
        limits: {run_timeout: %ds}
        base_config:
          model: simulated-model
          tokenizer: builtin
          url: %s
          streaming: true
          warmup_request_count: 1
          benchmark_duration: 60
          concurrency: 2
        """
        .formatted(name, limit.toSeconds(), url);
  }
}
