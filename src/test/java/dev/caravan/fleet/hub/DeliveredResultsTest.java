package dev.caravan.fleet.hub;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the hub processes the results of workers, also when it is killed in between. */
class DeliveredResultsTest {

  @TempDir private Path folder;

  private HubFixture fixture;
  private HubService hubService;

  @BeforeEach
  void start() throws Exception {
    fixture = new HubFixture(folder);
    hubService = fixture.hub(fixture.scratch.files);
  }

  @Test
  void writesTheDeadLetterBeforeTheResult() throws Exception {
    // given: a hub that is killed just before it moves the result into the tree
    DurableFiles dying =
        new DurableFiles() {
          @Override
          public void move(Path from, Path to) throws IOException {
            if (to.equals(fixture.run.folder().resolve("process_result.json"))) {
              throw new IOException("killed");
            }
            super.move(from, to);
          }
        };
    Path archive = fixture.archive(hubService.assign(fixture.order).deliveryId());

    // when, then
    assertThatThrownBy(() -> fixture.hub(dying).deliver(archive)).hasMessage("killed");
    assertThat(fixture.run.folder().resolve("process_result.json")).doesNotExist();
    assertThat(names(fixture.scratch.home.dead())).hasSize(1);

    // when: the result is redelivered after a restart
    ReceivedResult received = fixture.hub(fixture.scratch.files).deliver(archive);

    // then
    assertThat(received.needsRecording()).isTrue();
    assertThat(fixture.run.folder().resolve("process_result.json")).exists();
    assertThat(names(fixture.scratch.home.dead())).hasSize(1);
  }

  @Test
  void tellsTheWorkerThatItDidNotTakeTheFilesAlsoWhenItIsKilledAndAskedAgain() throws Exception {
    // given: more than the hub takes
    String deliveryId = hubService.assign(fixture.order).deliveryId();
    Path from = Files.createDirectories(folder.resolve("from"));
    Path large = Files.write(from.resolve("large"), new byte[2 << 20]);
    Path archive = folder.resolve("archive.zip");
    try (OutputStream to = Files.newOutputStream(archive)) {
      RunReport report = RunReport.on(fixture.order, Kind.ENDED, "");
      ResultArchive.pack(deliveryId, "w", report, from, List.of(large), false, to);
    }
    hubService.deliver(archive);
    for (int heard = 0; heard < 2; heard++) {
      // when: it was killed before it recorded the outcome, and before the worker heard of it
      hubService = fixture.hub(fixture.scratch.files);
      hubService.acknowledge(hubService.deliver(archive).deliveryId());
      HubHeartbeat told = hubService.heartbeat();

      // then
      assertThat(told.recorded()).containsExactly(deliveryId);
      assertThat(told.refused()).containsExactly(deliveryId);
    }
    assertThat(fixture.run.folder().resolve("process_result.json"))
        .content()
        .contains("the result from its worker was refused: is larger than");
    assertThat(hubService.heartbeat().refused()).isEmpty();
  }

  /** Its list would be a dead letter, and its run would never end. */
  @Test
  void endsARunOfMoreFilesThanAListNames() throws Exception {
    // given
    String deliveryId = hubService.assign(fixture.order).deliveryId();
    Path archive = fixture.archive(deliveryId, HubFixture.namesBeyondAList());

    // when
    ReceivedResult received = hubService.deliver(archive);
    hubService.acknowledge(received.deliveryId());

    // then
    assertThat(received.needsRecording()).isTrue();
    assertThat(fixture.run.folder().resolve("process_result.json"))
        .content()
        .contains("internal_error", "was refused: has 13,001 files", "fewer files");
    assertThat(hubService.heartbeat().refused()).containsExactly(deliveryId);
  }

  /** To tell the worker that it is recorded would make it delete the other hub's outcome. */
  @Test
  void leavesTheOutcomesOfAnotherHubOnItsBrokerToThat() throws Exception {
    // given
    Path archive = fixture.archive(HubFixture.UNKNOWN);
    assertThat(hubService.deliver(archive).needsRecording()).as("an old one of its own").isFalse();

    // when
    fixture.monitor().hubHeartbeat(new HubHeartbeat(1, "other", Map.of(), Set.of(), Set.of()));

    // then
    assertThatThrownBy(() -> hubService.deliver(archive))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another hub");
    assertThat(
            hubService
                .deliver(fixture.archive(hubService.assign(fixture.order).deliveryId()))
                .needsRecording())
        .isTrue();

    // when
    fixture.now.addAndGet(Duration.ofMinutes(1).toNanos());

    // then
    assertThat(hubService.deliver(fixture.archive(HubFixture.UNKNOWN)).needsRecording()).isFalse();
  }
}
