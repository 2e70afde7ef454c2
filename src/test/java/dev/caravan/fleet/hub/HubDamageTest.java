package dev.caravan.fleet.hub;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the hub goes on when files of its home are damaged or cannot be written. */
class HubDamageTest {

  @TempDir private Path folder;

  private HubFixture fixture;
  private HubService hubService;

  @BeforeEach
  void start() throws Exception {
    fixture = new HubFixture(folder);
    hubService = fixture.hub(fixture.scratch.files);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"garbage", "{}", "null", "[]", "{\"delivery_id\": 5}", "", "FIFO", "FOLDER"})
  void startsWithDamagedRunsInFlight(String content) throws Exception {
    // given
    String sent = hubService.assign(fixture.order).deliveryId();
    for (String where : List.of("in-flight", "superseded")) {
      damaged(
          fixture.scratch.home.state().resolve(where).resolve(HubFixture.UNKNOWN + ".json"),
          content);
      Path copy = fixture.scratch.home.state().resolve(where).resolve("e".repeat(32) + ".json");
      Files.copy(fixture.scratch.home.state().resolve("in-flight").resolve(sent + ".json"), copy);
      Files.createSymbolicLink(
          fixture.scratch.home.state().resolve(where).resolve("d".repeat(32) + ".json"), copy);
    }
    // when
    HubService next = fixture.hub(fixture.scratch.files);
    // then
    assertThat(next.inFlight()).extracting(InFlightRun::deliveryId).containsExactly(sent);
    assertThat(next.assign(fixture.order).deliveryId()).isEqualTo(sent);
    assertThat(next.heartbeat()).isNotNull();
    assertThat(next.deliver(fixture.archive(HubFixture.UNKNOWN)).needsRecording()).isFalse();
    assertThat(next.deliver(fixture.archive(sent)).needsRecording()).isTrue();
    assertThat(names(fixture.scratch.home.state().resolve("in-flight")))
        .filteredOn(name -> name.endsWith(".damaged"))
        .hasSize(3);
  }

  private static void damaged(Path file, String content) throws Exception {
    switch (content) {
      case "FIFO" -> Fifo.create(file);
      case "FOLDER" -> Files.createDirectory(file);
      default -> Files.writeString(file, content);
    }
  }

  @Test
  void sendsHeartbeatsThoughTheOrdersForABatchAreDamaged() throws Exception {
    // given
    Run other = fixture.accept("b.yaml");
    RunOrder whole = RunOrder.execute(other.id(), other.batch().folder().toString(), 0);
    hubService.assign(fixture.order);
    String cancelled = hubService.assign(whole).deliveryId();
    Files.writeString(fixture.run.batch().folder().resolve("control.json"), "garbage");
    Control.Order why = new Control.Order("ann", "x");
    fixture.scratch.batches.load(other.batch().folder());
    new ControlStore(fixture.scratch.files)
        .write(other.batch(), Control.NONE.withCancellation(why));
    try (CapturedLog log = CapturedLog.of(RunErrorBoundary.class)) {
      // when
      for (int n = 0; n < 20; n++) {
        // then
        assertThat(hubService.heartbeat().cancel()).containsOnlyKeys(cancelled);
      }
      assertThat(log.lines()).hasSize(1);
    }
  }

  @Test
  void expiresTheOtherRunsWhenOneCannotBeRecorded() throws Exception {
    // given: a disk that refuses the folder of the first run
    Run other = fixture.accept("b.yaml");
    DurableFiles refusing =
        new DurableFiles() {
          @Override
          public void writeWhole(Path file, byte[] content) throws IOException {
            if (file.startsWith(fixture.run.folder())) {
              throw new IOException("Read-only file system");
            }
            super.writeWhole(file, content);
          }
        };
    HubService hub = fixture.hub(refusing);
    String first = hub.assign(fixture.order).deliveryId();
    hub.assign(RunOrder.execute(other.id(), other.batch().folder().toString(), 0));
    try (CapturedLog log = CapturedLog.of(RunErrorBoundary.class)) {
      // when
      List<RunReport> lost = new ArrayList<>();
      for (int second = 0; second < 200; second++) {
        fixture.now.addAndGet(Duration.ofSeconds(1).toNanos());
        fixture.monitor().hubHeartbeat(fixture.monitor().heartbeat(List.of(), id -> false));
        lost.addAll(hub.expired());
      }
      // then
      assertThat(lost).extracting(RunReport::runId).containsExactly(other.id());
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0)).contains(fixture.run.id(), "Read-only file system");
      assertThat(hub.inFlight()).extracting(InFlightRun::deliveryId).containsExactly(first);
    }
  }
}
