package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers that lose contact with their hub. */
class LostHubIT extends FleetTestBase {

  /** The hub and its embedded broker are down for longer than a lease. */
  @Test
  void endsItsRunAfterALeaseWithoutHubAndTheRunIsRepeated() {
    // given
    Program first = fleet.startHub();
    Caravan worker = fleet.worker("w1");
    Path bin = fleet.folder.resolve("w1-bin");
    FakeAiperf.always(bin, "fake-hang");
    Program program = fleet.startWorker(worker);
    hub.drop("mute.yaml", Fleet.config("mute", "fake-ok", "sweeps: {concurrency: [1]}"));
    program.awaitLine("Run 1/1");
    eventually().until(() -> !worker.runProcesses().isEmpty());

    // when
    first.kill();
    program.awaitLine("Stopping what is running: no heartbeat from the hub for 3s");

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
        .contains("no heartbeat from the hub for 3s");
    eventually().until(() -> worker.list(".caravan/spool").isEmpty());
  }
}
