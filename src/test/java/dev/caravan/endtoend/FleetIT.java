package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Fleets whose members are killed or frozen, or set up in other ways than usual. */
class FleetIT extends FleetTestBase {

  @Test
  void receivesResultsThroughASharedFolder() throws IOException {
    // given: the worker mounts it under another path
    Path shared = Files.createDirectory(fleet.folder.resolve("shared"));
    Path mounted = Files.createSymbolicLink(fleet.folder.resolve("mounted"), shared);
    hub.with("CARAVAN_RESULTS_SHARED", shared.toString());
    fleet.startHub();
    Caravan worker = fleet.worker("w1").with("CARAVAN_RESULTS_SHARED", mounted.toString());
    fleet.startWorker(worker);

    // when
    fleet.executeTwoRuns(worker);

    // then
    assertThat(entriesBeside(shared.resolve("x"))).isEmpty();
  }

  @Test
  void repeatsARunOnAnotherWorkerWhenItsWorkerIsKilled() {
    // given
    fleet.startHub();
    Program first = fleet.startWorker(fleet.worker("w1"));
    hub.drop("lost.yaml", Fleet.config("lost", "fake-sleep-4", "sweeps: {concurrency: [1]}"));
    first.awaitLine("Run 1/1");

    // when
    first.kill();
    fleet.startWorker(fleet.worker("w2"));

    // then
    results.await("lost");
    Path run = hub.batch("lost").resolve("concurrency1");
    assertThat(run.resolve("process_result.json"))
        .content()
        .contains("\"succeeded\"", "\"attempt\" : 2");
    assertThat(run.resolve("attempts/1/process_result.json")).content().contains("\"lost\"");
  }

  @Test
  void resumesAfterTheHubAndItsBrokerWereKilled() {
    // given
    hub.with("CARAVAN_WORKER_LEASE", "30s");
    Program hubProgram = fleet.startHub();
    Program worker = fleet.startWorker(fleet.worker("w1").with("CARAVAN_WORKER_LEASE", "30s"));
    hub.drop(
        "kill.yaml", Fleet.config("kill", "fake-ok", "sweeps: {model: [fake-sleep-6, fake-ok]}"));
    worker.awaitLine("Run 1/2");

    // when
    hubProgram.kill();
    Program second = fleet.startHub();

    // then
    results.await("kill");
    assertThat(second.err()).doesNotContain("Could not send");
    assertThat(results.summary("kill").path("completed").asInt()).isEqualTo(2);
    for (String run : List.of("modelfake-sleep-6", "modelfake-ok")) {
      assertThat(hub.batch("kill").resolve(run).resolve("process_result.json"))
          .content()
          .contains("\"succeeded\"", "\"attempt\" : 1,");
    }
  }

  @Test
  void resumesAfterTheBrokerWasKilled() {
    // given
    hub.with("CARAVAN_BROKER_LISTEN", "");
    Caravan brokers = fleet.caravan("broker");
    Program first = fleet.startBroker(brokers);
    Program hubProgram = hub.startJar("serve", "--role", "hub", "--broker", fleet.broker);
    hubProgram.awaitLine("Watching inbox");
    Program worker = fleet.startWorker(fleet.worker("w1"));
    hub.drop("gone.yaml", Fleet.config("gone", "fake-sleep-2", "sweeps: {concurrency: [1, 2, 3]}"));
    worker.awaitLine("Run 1/3");

    // when
    first.kill();
    worker.awaitLine("Run 1 completed successfully");
    fleet.startBroker(brokers);

    // then
    results.await("gone");
    assertThat(results.summary("gone").path("completed").asInt()).isEqualTo(3);
    assertThat(attempts("gone")).isEmpty();
  }

  /**
   * A known limit: while a worker is frozen its aiperf continues, and the run is repeated
   * elsewhere. The late outcome of the frozen worker is archived as an attempt; the result stays.
   */
  @Test
  void archivesTheLateOutcomeOfAFrozenWorker() throws Exception {
    // given
    fleet.startHub();
    Program frozen = fleet.startWorker(fleet.worker("w1"));
    hub.drop("ice.yaml", Fleet.config("ice", "fake-sleep-2", "sweeps: {concurrency: [1]}"));
    frozen.awaitLine("Run 1/1");
    signal("STOP", frozen);
    fleet.startWorker(fleet.worker("w2"));
    results.await("ice");
    Path run = hub.batch("ice").resolve("concurrency1");
    String result = Files.readString(run.resolve("process_result.json"));

    // when
    signal("CONT", frozen);

    // then
    Path late = run.resolve("attempts/1");
    eventually().until(() -> Files.exists(late.resolve("stdout.log")));
    assertThat(result).contains("\"succeeded\"", "\"attempt\" : 2");
    assertThat(run.resolve("process_result.json")).hasContent(result.stripTrailing());
    assertThat(results.summary("ice").path("completed").asInt()).isEqualTo(1);
  }

  private static void signal(String name, Program program) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(program.pid())).start().waitFor();
  }

  @Test
  void transfersARunFolderOf200MebibytesWithSmallHeaps() throws IOException {
    // given
    String heap = "-Xmx256m -Djava.io.tmpdir=" + fleet.folder;
    hub.with("CARAVAN_JAVA_OPTS", heap)
        .with("CARAVAN_ROLE", "hub")
        .with("CARAVAN_BROKER", "embedded");
    hub.serve();
    Caravan worker =
        fleet
            .worker("w1")
            .with("CARAVAN_JAVA_OPTS", heap)
            .with("CARAVAN_ROLE", "worker")
            .with("CARAVAN_BROKER", fleet.broker);
    worker.start("serve").awaitLine("Working for");

    // when
    hub.drop("big.yaml", Fleet.config("big", "fake-print-200mb", "sweeps: {concurrency: [1]}"));

    // then
    results.await("big");
    assertThat(hub.batch("big").resolve("concurrency1/stdout.log"))
        .satisfies(file -> assertThat(Files.size(file)).isGreaterThan(200L << 20));
  }

  /** The archived attempts of all runs of the batch. */
  private List<Path> attempts(String batch) {
    try (Stream<Path> walk = Files.walk(hub.batch(batch))) {
      return walk.filter(path -> path.endsWith("attempts")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> entriesBeside(Path batch) throws IOException {
    try (Stream<Path> entries = Files.list(batch.getParent())) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }
}
