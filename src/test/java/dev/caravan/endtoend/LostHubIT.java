package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.LiveTree;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fleets whose hub or broker is killed. */
class LostHubIT {

  private static final String STACK_TRACE = "\tat ";

  /** Longer than a hub or broker takes to start, however busy the machine is. */
  private static final String LONG_LEASE = "1m";

  private static final String SHORT_LEASE = "10s";

  private Fleet fleet;
  private Caravan hub;
  private Results results;

  private void createFleet(Path folder, String lease) {
    fleet = new Fleet(folder, lease);
    hub = fleet.hub;
    results = fleet.results;
  }

  @AfterEach
  void tearDown() {
    fleet.close();
  }

  /** The hub has its embedded broker. Each worker has a lease for its part, and a pool. */
  @Test
  void survivesShortAndLongOutagesOfTheHub(@TempDir Path folder) {
    // given
    createFleet(folder, LONG_LEASE);
    Program first = fleet.startHub();
    Program patient = fleet.startWorker(fleet.worker("w1"));

    // when, then
    Program second = resumesAfterAnOutageShorterThanALease(first, patient);
    endsItsRunAfterALeaseWithoutHubAndTheRunIsRepeated(second);
  }

  private Program resumesAfterAnOutageShorterThanALease(Program first, Program worker) {
    // given
    hub.drop(
        "kill.yaml", Fleet.config("kill", "fake-ok", "sweeps: {model: [fake-sleep-6, fake-ok]}"));
    worker.awaitLine("Run 1/2");

    // when
    first.kill();
    Program second = fleet.startHub();

    // then
    results.await("kill");
    assertThat(second.err()).doesNotContain("Could not send");
    assertThat(worker.err()).doesNotContain("ERROR", STACK_TRACE);
    assertThat(results.summary("kill").path("completed").asInt()).isEqualTo(2);
    for (String run : List.of("modelfake-sleep-6", "modelfake-ok")) {
      assertThat(hub.batch("kill").resolve(run).resolve("process_result.json"))
          .content()
          .contains("\"succeeded\"", "\"attempt\" : 1,");
    }
    return second;
  }

  private void endsItsRunAfterALeaseWithoutHubAndTheRunIsRepeated(Program second) {
    // given
    Caravan worker =
        fleet
            .worker("w2")
            .with("CARAVAN_WORKER_POOLS", "mute")
            .with("CARAVAN_WORKER_LEASE", SHORT_LEASE);
    Program program = fleet.startWorker(worker);
    Path bin = fleet.folder.resolve("w2-bin");
    FakeAiperf.always(bin, "fake-hang");
    hub.drop(
        "mute.yaml",
        Fleet.config("mute", "fake-ok", "sweeps: {concurrency: [1]}\nworker: {pool: mute}"));
    program.awaitLine("Run 1/1");
    eventually().until(() -> !worker.runProcesses().isEmpty());

    // when
    second.kill();
    program.awaitLine("Stopping what is running: no heartbeat from the hub for " + SHORT_LEASE);

    // then
    eventually()
        .until(() -> worker.runProcesses().isEmpty() && worker.temporaryFolders().isEmpty());

    // when
    FakeAiperf.always(bin, "fake-ok");
    fleet.startHub();

    // then
    results.await("mute");
    Path run = hub.batch("mute").resolve("concurrency1");
    assertThat(results.summary("mute").path("completed").asInt()).isEqualTo(1);
    assertThat(run.resolve("process_result.json"))
        .content()
        .contains("\"succeeded\"", "\"attempt\" : 2,");
    assertThat(hub.list(hub.home().relativize(run.resolve("attempts")).toString()))
        .extracting(attempt -> attempt.getFileName().toString())
        .isEqualTo(List.of("1"));
    assertThat(run.resolve("attempts/1/process_result.json"))
        .content()
        .contains("no heartbeat from the hub for " + SHORT_LEASE);
    eventually().until(() -> worker.list(".caravan/spool").isEmpty());
  }

  @Test
  void resumesAfterTheBrokerWasKilled(@TempDir Path folder) {
    // given
    createFleet(folder, LONG_LEASE);
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
    worker.awaitLine("Could not send an outcome to the hub; it is kept and will be sent again");
    fleet.startBroker(brokers);

    // then
    results.await("gone");
    assertThat(results.summary("gone").path("completed").asInt()).isEqualTo(3);
    assertThat(worker.err())
        .containsOnlyOnce("Could not send an outcome")
        .contains("Sending outcomes again")
        .doesNotContain("ERROR", STACK_TRACE);
    assertThat(hubProgram.err()).doesNotContain(STACK_TRACE);
    assertThat(attempts("gone")).isEmpty();
  }

  /** The archived attempts of all runs of the batch. */
  private List<Path> attempts(String batch) {
    return LiveTree.list(hub.batch(batch)).stream()
        .flatMap(run -> LiveTree.list(run.resolve("attempts")).stream())
        .toList();
  }
}
