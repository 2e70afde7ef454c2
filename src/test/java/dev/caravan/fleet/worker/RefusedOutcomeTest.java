package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.fleet.hub.HubHeartbeat;
import dev.caravan.storage.Json;
import dev.caravan.storage.StateFolder;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker does with files that its hub does not take, since they are too large for one. */
class RefusedOutcomeTest {

  private String endRun(WorkerService service, ScratchHome hub) throws Exception {
    String json = Json.text(TestWorker.assignment(hub.accept(FixedRules.BASE).run(0)));
    String deliveryId = service.receive(json).orElseThrow();
    service.confirm(deliveryId);
    service.failed(deliveryId, new IllegalStateException("the test ends it"));
    return deliveryId;
  }

  @Test
  void keepsWhatWasMeasuredAndSaysOnceWhere(@TempDir Path folder) throws Exception {
    // given
    ScratchHome hub = new ScratchHome(Files.createDirectories(folder.resolve("hub")));
    ScratchHome worker = new ScratchHome(Files.createDirectories(folder.resolve("worker")));
    WorkerService service = TestWorker.in(worker);
    String refused = endRun(service, hub);
    String taken = endRun(service, hub);
    String run = service.runId(refused);
    assertThat(service.finished()).containsExactlyInAnyOrder(refused, taken);
    HeartbeatSender heartbeats =
        new HeartbeatSender(
            new HeartbeatSender.Identity("w", List.of(), 1),
            service,
            null, // nothing is cancelled
            Optional::empty,
            Optional::empty,
            Duration.ofMinutes(2),
            System::nanoTime);
    try (CapturedLog log = CapturedLog.of(WorkerService.class)) {
      // when
      for (int heartbeat = 0; heartbeat < 2; heartbeat++) {
        heartbeats.hubHeartbeat(
            new HubHeartbeat(1, "hub", Map.of(), Set.of(refused, taken), Set.of(refused)));
      }

      // then
      Path spool = StateFolder.SPOOL.in(worker.home);
      Path kept = spool.resolve(refused + ".refused");
      assertThat(ScratchHome.names(spool)).containsExactly(refused + ".refused");
      assertThat(log.lines())
          .containsExactly(
              "The hub refused the files of "
                  + run
                  + "; its log says why. They are kept in "
                  + kept
                  + " until you delete them");
      assertThat(service.finished()).isEmpty();

      // when
      WorkerService restarted = TestWorker.in(worker);

      // then
      assertThat(restarted.finished()).isEmpty();
      assertThat(kept.resolve("report.json")).exists();
    }
  }
}
