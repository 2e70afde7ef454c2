package dev.caravan.fleet.hub;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the hub does with what comes from workers, at the moments when it may be killed. */
class HubServiceTest {

  private static final String FAILED =
      """
      {"schema": 1, "status": "failed", "cause": "crashed", "reasons": ["x"], "attempt": 1,
       "final": true, "started_at": "2026-11-25T01:00:00.000Z",
       "ended_at": "2026-11-25T01:00:01.000Z", "duration_seconds": 1.0,
       "aiperf_version": "0.13.0", "args": [],
       "returncode": 3, "stdout": "", "stderr": ""}
      """;

  @TempDir private Path folder;

  private ScratchHome life;
  private Run run;
  private RunOrder order;
  private WorkerMonitor watch;
  private HubService desk;
  private final AtomicLong now = new AtomicLong();

  @BeforeEach
  void accept() throws Exception {
    life = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    Files.createDirectories(life.home.inbox());
    run =
        life.acceptance.accept(life.claim("a.yaml", FixedRules.BASE), life.rules()).batch().run(0);
    order = RunOrder.execute(run.id(), run.batch().folder().toString(), 0);
    desk = desk(life.files);
  }

  @Test
  void writesTheDeadLetterBeforeTheResult() throws Exception {
    // given: a hub that is killed when it is about to put the result into the tree
    DurableFiles dying =
        new DurableFiles() {
          @Override
          public void move(Path from, Path to) throws IOException {
            if (to.equals(run.folder().resolve("process_result.json"))) {
              throw new IOException("killed");
            }
            super.move(from, to);
          }
        };
    Path parcel = parcel(desk.assign(order.json()).deliveryId());

    // when, then
    assertThatThrownBy(() -> desk(dying).deliver(parcel)).hasMessage("killed");
    assertThat(run.folder().resolve("process_result.json")).doesNotExist();
    assertThat(names(life.home.dead())).hasSize(1);

    // when: the next life gets it again
    ReceivedResult receivedResult = desk(life.files).deliver(parcel);

    // then
    assertThat(receivedResult.needsRecording()).isTrue();
    assertThat(run.folder().resolve("process_result.json")).exists();
    assertThat(names(life.home.dead())).hasSize(1);
  }

  @Test
  void keepsAnOutcomeThatComesAfterTheRunWasLostAndTheHubRestarted() throws Exception {
    // given
    String deliveryId = desk.assign(order.json()).deliveryId();
    List<String> lost = List.of();
    for (int second = 0; lost.isEmpty(); second++) {
      assertThat(second).isLessThan(200);
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      watch.heardHub(watch.heartbeat(List.of()).json());
      lost = desk.expired();
    }
    assertThat(lost.get(0)).contains("no worker has named this attempt");
    HubService next = desk(life.files);
    String again = next.assign(order.json()).deliveryId();

    // when
    ReceivedResult late = next.deliver(parcel(deliveryId));

    // then
    assertThat(again).isNotEqualTo(deliveryId);
    assertThat(late.needsRecording()).isFalse();
    assertThat(run.folder().resolve("attempts/1/process_result.json"))
        .content()
        .contains("crashed");
    assertThat(run.folder().resolve("process_result.json")).doesNotExist();
  }

  @Test
  void callsNoRunLostWhoseOutcomeIsBeingRecorded() throws Exception {
    // given
    desk.deliver(parcel(desk.assign(order.json()).deliveryId()));

    // when
    List<String> lost = new ArrayList<>();
    for (int second = 0; second < 200; second++) {
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      watch.heardHub(watch.heartbeat(List.of()).json());
      lost.addAll(desk.expired());
    }

    // then
    assertThat(lost).isEmpty();
    assertThat(run.folder().resolve("process_result.json")).exists();
  }

  private Path parcel(String deliveryId) throws Exception {
    Path from = Files.createDirectories(folder.resolve("from"));
    Path result = Files.writeString(from.resolve("process_result.json"), FAILED);
    Path parcel = folder.resolve("parcel.zip");
    try (OutputStream out = Files.newOutputStream(parcel)) {
      RunReport report = RunReport.on(order, Kind.ENDED, "");
      ResultArchive.pack(deliveryId, "w", report, from, List.of(result), false, out);
    }
    return parcel;
  }

  private HubService desk(DurableFiles durableFiles) throws Exception {
    RunFolderWriter files =
        new RunFolderWriter(
            durableFiles, new RunDeadLetters(life.home, durableFiles), life.keys, 5);
    RemoteRuns runs = new RemoteRuns(life.batches, life.outputs(), files);
    watch =
        new WorkerMonitor(
            "hub",
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            new Workers(Duration.ofSeconds(30), now::get, NOBODY),
            (pool, deliveryId) -> false,
            now::get);
    return new HubService(
        life.home, durableFiles, runs, PipelineListener.NONE, watch, 1 << 20, Optional.empty());
  }

  private static final WorkerListener NOBODY =
      new WorkerListener() {
        @Override
        public void joined(String worker, List<String> pools) {}

        @Override
        public void lost(String worker, String message) {}
      };
}
