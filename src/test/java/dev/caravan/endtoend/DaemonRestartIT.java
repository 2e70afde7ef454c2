package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static dev.caravan.testing.Results.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stopping and killing {@code caravan serve}, and how the next daemon resumes. */
class DaemonRestartIT {

  private Path bin;
  private Caravan caravan;
  private Results home;
  private Simulator llm;

  @BeforeEach
  void setUp(@TempDir Path folder) throws IOException {
    bin = folder.resolve("bin");
    caravan = Caravan.in(folder).withAiperf(FakeAiperf.in(bin));
    home = new Results(caravan);
    llm = Simulator.start(SimulatorOptions.defaults().withPort(0));
  }

  @AfterEach
  void tearDown() {
    caravan.close();
    llm.close();
  }

  @Test
  void resumesAfterAStopAndAfterAKillWithoutRepeatingFinishedRuns() throws IOException {
    // given
    Program stopped = serveUntilSecondRunHangs();
    Path first = caravan.batch("resumed").resolve("concurrency1");
    Path second = caravan.batch("resumed").resolve("concurrency2");
    FileTime finished = Files.getLastModifiedTime(first.resolve("process_result.json"));
    String id = home.id("resumed");

    // when
    stopped.terminate();

    // then
    assertThat(stopped.exit()).isZero();
    assertThat(stopped.lastLine()).isEqualTo("INFO: Stopped");
    assertThat(caravan.runProcesses()).isEmpty();
    assertThat(caravan.temporaryFolders()).isEmpty();
    assertThat(result(second).path("final").asBoolean(true)).isFalse();

    // given: a program that is not a Python script, ignores signals and has grandchildren
    FakeAiperf.always(bin, "fake-tree");
    Program killed = caravan.serve();
    eventually().until(() -> caravan.runProcesses().size() >= 4);
    assertThat(killed.log())
        .containsSubsequence(
            "INFO: Resuming " + id,
            "INFO: [" + id + "] Run 2/3",
            "INFO: [" + id + "] This is attempt 2");

    // when
    killed.kill();

    // then
    eventually().until(() -> caravan.runProcesses().isEmpty());

    // when
    FakeAiperf.always(bin, "fake-ok");
    caravan.write("inbox/.claimed/0123456789abcdef__claimed.yaml", config("claimed"));
    caravan.drop("dropped.yaml", config("dropped"));
    Program next = caravan.serve();

    // then
    home.await("resumed");
    assertThat(next.log())
        .containsSubsequence(
            "INFO: Resuming " + id,
            "INFO: [" + id + "] Run 2/3",
            "INFO: [" + id + "] This is attempt 3",
            "INFO: [" + id + "] Run 2 completed successfully",
            "INFO: [" + id + "] Run 3 completed successfully")
        .noneMatch(line -> line.contains("[" + id + "] Run 1/3"));
    assertThat(home.summary("resumed").path("completed").asInt()).isEqualTo(3);
    assertThat(Files.getLastModifiedTime(first.resolve("process_result.json"))).isEqualTo(finished);
    assertThat(first.resolve("attempts")).doesNotExist();
    assertAttempts(second);
    assertThat(Files.readAllLines(caravan.batch("resumed").resolve("results.csv"))).hasSize(4);

    // then: it accepts what the killed daemon had claimed
    home.await("claimed");
    home.await("dropped");
    home.awaitArchived("claimed.yaml", "dropped.yaml", "resumed.yaml");
    assertThat(home.names("inbox/.done")).hasSize(3);
    assertThat(home.names("inbox/.claimed")).isEmpty();
  }

  private static void assertAttempts(Path run) {
    assertThat(result(run).path("attempt").asInt()).isEqualTo(3);
    assertThat(result(run.resolve("attempts/1")).path("status").asText()).isEqualTo("cancelled");
    assertThat(run.resolve("attempts/1/stdout.log")).content().contains("PROFILING");
    JsonNode lost = result(run.resolve("attempts/2"));
    assertThat(lost.path("status").asText()).isEqualTo("failed");
    assertThat(lost.path("cause").asText()).isEqualTo("lost");
  }

  @Test
  void exitsAtOnceWithAllItsProcessesAtASecondSignal() {
    // given
    FakeAiperf.always(bin, "fake-hang-ignoring-all");
    caravan.drop("resumed.yaml", config("resumed"));
    Program daemon = caravan.serve();
    daemon.awaitLine("Run 1/3");
    Results.awaitMeasuring(caravan.batch("resumed").resolve("concurrency1"));
    daemon.terminate();
    daemon.awaitLine("INFO: Stopping");

    // when
    daemon.terminate();

    // then
    assertThat(daemon.exit()).as("it did not stop in order, which ends with 0").isEqualTo(143);
    eventually().until(() -> caravan.runProcesses().isEmpty());
  }

  @Test
  void finishesTheCurrentRunWhenDraining() {
    // given
    FakeAiperf.always(bin, "fake-until-go");
    caravan.with("CARAVAN_SHUTDOWN_DRAIN", "10m");
    caravan.drop("resumed.yaml", config("resumed"));
    Program daemon = caravan.serve();
    daemon.awaitLine("Run 1/3");

    // when
    daemon.terminate();
    daemon.awaitLine("INFO: Stopping");
    await().during(Duration.ofSeconds(1)).until(daemon::isRunning);
    FakeAiperf.go(bin);

    // then
    assertThat(daemon.exit()).isZero();
    assertThat(daemon.log())
        .anyMatch(line -> line.endsWith("Run 1 completed successfully"))
        .noneMatch(line -> line.contains("Run 2/3"));
    assertThat(home.summary("resumed").path("completed").asInt()).isEqualTo(1);
  }

  private Program serveUntilSecondRunHangs() {
    caravan.drop("resumed.yaml", config("resumed"));
    Program daemon = caravan.serve();
    daemon.awaitLine("Run 1 completed successfully");
    Results.awaitMeasuring(caravan.batch("resumed").resolve("concurrency2"));
    return daemon;
  }

  /** The second run hangs until the behaviour of the fake aiperf is changed. */
  private String config(String batchName) {
    return """
        batch_name: %s
        readiness: {preflight: false}
        base_config:
          model: fake-hang-from-2
          url: %s
          warmup_request_count: 1
          benchmark_duration: 1
          concurrency: 1
        sweeps: {concurrency: [1, 2, 3]}
        """
        .formatted(batchName, llm.url());
  }
}
