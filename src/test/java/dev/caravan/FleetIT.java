package dev.caravan;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub with an embedded broker and workers, each in its own JVM and home. */
class FleetIT {

  private final List<Caravan> all = new ArrayList<>();
  private Path folder;
  private String broker;
  private Caravan hub;
  private Results results;

  @BeforeEach
  void prepare(@TempDir Path temp) {
    folder = temp;
    broker = "tcp://127.0.0.1:" + Caravan.freePort();
    hub = caravan("hub").with("CARAVAN_BROKER_LISTEN", broker);
    results = new Results(hub);
  }

  @AfterEach
  void end() {
    all.forEach(Caravan::close);
  }

  private Caravan caravan(String name) {
    Caravan made =
        Caravan.in(folder.resolve(name))
            .with("CARAVAN_WORKER_HEARTBEAT", "500ms")
            .with("CARAVAN_WORKER_LEASE", "3s")
            .with("CARAVAN_LOCKS_DIR", folder.resolve("locks-" + name).toString());
    all.add(made);
    return made;
  }

  private Program startHub() {
    Program program = hub.startJar("serve", "--role", "hub", "--broker", "embedded");
    program.awaitLine("Watching inbox");
    return program;
  }

  private Caravan worker(String name) {
    return caravan(name).withAiperf(FakeAiperf.in(folder.resolve(name + "-bin")));
  }

  private Program startWorker(Caravan worker) {
    Program program = worker.startJar("serve", "--role", "worker", "--broker", broker);
    program.awaitLine("Working for");
    return program;
  }

  private static String config(String name, String model, String rest) {
    return """
        batch_name: %s
        base_config:
          model: %s
          url: "http://127.0.0.1:9"
          warmup_request_count: 2
          benchmark_duration: 1
          concurrency: 1
        readiness: {preflight: false, endpoint: none}
        %s
        """
        .formatted(name, model, rest);
  }

  @Test
  void givesRunsToAWorkerAndTakesTheirFoldersIntoItsTree() throws IOException {
    // given
    startHub();
    Caravan worker = worker("w1");
    startWorker(worker);

    // when
    hub.drop("far.yaml", config("far", "fake-ok", "sweeps: {concurrency: [1, 2]}"));

    // then
    results.await("far");
    assertThat(results.summary("far").path("completed").asInt()).isEqualTo(2);
    Path run = hub.batch("far").resolve("concurrency2");
    assertThat(run.resolve("logs/aiperf.log")).exists();
    assertThat(run.resolve("run_metadata.json"))
        .content()
        .contains("--output-artifact-dir " + run)
        .doesNotContain("spool");
    eventually().until(() -> worker.list(".caravan/spool").isEmpty());
    assertThat(hub.list(".caravan/flights")).isEmpty();
    assertThat(entriesBeside(hub.batch("far"))).allMatch(name -> !name.endsWith(".tmp"));
  }

  @Test
  void writesTheDeadLetterOfARunThatFailedOnAWorker() {
    // given
    startHub();
    startWorker(worker("w1"));

    // when
    hub.drop("bad.yaml", config("bad", "fake-exit-3", "retry: {attempts: 2, backoff: 0s}"));

    // then
    results.await("bad");
    assertThat(results.summary("bad").path("failed").asInt()).isEqualTo(1);
    assertThat(hub.batch("bad").resolve("attempts/1/process_result.json")).exists();
    assertThat(hub.list("inbox/.dead")).hasSize(1);
  }

  @Test
  void doesARunAgainElsewhereWhenItsWorkerIsKilled() {
    // given
    startHub();
    Program first = startWorker(worker("w1"));
    hub.drop("lost.yaml", config("lost", "fake-sleep-4", "sweeps: {concurrency: [1]}"));
    first.awaitLine("Run 1/1");
    startWorker(worker("w2"));

    // when
    first.kill();

    // then
    results.await("lost");
    Path run = hub.batch("lost").resolve("concurrency1");
    assertThat(run.resolve("process_result.json"))
        .content()
        .contains("\"succeeded\"", "\"attempt\" : 2");
    assertThat(run.resolve("attempts/1/process_result.json")).content().contains("\"lost\"");
  }

  @Test
  void goesOnAfterTheHubAndItsBrokerWereKilled() {
    // given
    Program hubProgram = startHub();
    Program worker = startWorker(worker("w1"));
    hub.drop("kill.yaml", config("kill", "fake-sleep-2", "sweeps: {concurrency: [1, 2]}"));
    worker.awaitLine("Run 1/2");

    // when
    hubProgram.kill();
    startHub();

    // then
    results.await("kill");
    assertThat(results.summary("kill").path("completed").asInt()).isEqualTo(2);
    for (String run : List.of("concurrency1", "concurrency2")) {
      assertThat(hub.batch("kill").resolve(run).resolve("process_result.json"))
          .content()
          .contains("\"succeeded\"", "\"attempt\" : 1,");
    }
  }

  private static List<String> entriesBeside(Path batch) throws IOException {
    try (Stream<Path> entries = Files.list(batch.getParent())) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
