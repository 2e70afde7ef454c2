package dev.caravan.fleet.hub;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.config.HookEvent;
import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Fifo;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the hub processes results, also when it is killed in between. */
class HubServiceTest {

  private static final String FAILED =
      """
      {"schema": 1, "status": "failed", "cause": "crashed", "reasons": ["x"], "attempt": 1,
       "final": true, "started_at": "2026-11-25T01:00:00.000Z",
       "ended_at": "2026-11-25T01:00:01.000Z", "duration_seconds": 1.0,
       "aiperf_version": "0.13.0", "args": [],
       "returncode": 3, "stdout": "", "stderr": ""}
      """;

  private static final String DAMAGED = "f".repeat(32);

  @TempDir private Path folder;

  private ScratchHome scratch;
  private Run run;
  private RunOrder order;
  private WorkerMonitor monitor;
  private HubService hubService;
  private final AtomicLong now = new AtomicLong();

  @BeforeEach
  void accept() throws Exception {
    scratch = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    Files.createDirectories(scratch.home.inbox());
    run = accept("a.yaml");
    order = RunOrder.execute(run.id(), run.batch().folder().toString(), 0);
    hubService = hubService(scratch.files);
  }

  @Test
  void writesTheDeadLetterBeforeTheResult() throws Exception {
    // given: a hub that is killed just before it moves the result into the tree
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
    Path archive = archive(hubService.assign(order).deliveryId());

    // when, then
    assertThatThrownBy(() -> hubService(dying).deliver(archive)).hasMessage("killed");
    assertThat(run.folder().resolve("process_result.json")).doesNotExist();
    assertThat(names(scratch.home.dead())).hasSize(1);

    // when: the result is redelivered after a restart
    ReceivedResult received = hubService(scratch.files).deliver(archive);

    // then
    assertThat(received.needsRecording()).isTrue();
    assertThat(run.folder().resolve("process_result.json")).exists();
    assertThat(names(scratch.home.dead())).hasSize(1);
  }

  @Test
  void tellsTheNextWorkerWhichHooksAnAttemptHasRun() throws Exception {
    // given: a worker ran a hook, and then its target was not ready
    Path worker = Files.createDirectory(folder.resolve("worker"));
    HookRun hook = HookRun.started(HookEvent.BEFORE_POINT, "reset", "hook_before_point.log");
    HookRun over = hook.ended(HookRun.Status.SUCCEEDED, Duration.ZERO, OptionalInt.of(0), "");
    Path record = Files.write(worker.resolve("hooks.json"), HookRecord.none(1).with(over).json());
    Path archive = folder.resolve("archive.zip");
    try (OutputStream to = Files.newOutputStream(archive)) {
      ResultArchive.pack(
          hubService.assign(order).deliveryId(),
          "w",
          RunReport.on(order, Kind.NOT_READY, "loading"),
          worker,
          List.of(record),
          false,
          to);
    }
    // when
    hubService.acknowledge(hubService.deliver(archive).deliveryId());
    Assignment again = (Assignment) hubService.assign(order).message();
    // then
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.earlierHooks().last(HookEvent.BEFORE_POINT)).isPresent();
    assertThat(names(run.folder())).doesNotContain("attempts");
  }

  @Test
  void tellsTheWorkerThatItDidNotTakeTheFilesAlsoWhenItIsKilledAndAskedAgain() throws Exception {
    // given: more than the hub takes
    String deliveryId = hubService.assign(order).deliveryId();
    Path from = Files.createDirectories(folder.resolve("from"));
    Path large = Files.write(from.resolve("large"), new byte[2 << 20]);
    Path archive = folder.resolve("archive.zip");
    try (OutputStream to = Files.newOutputStream(archive)) {
      RunReport report = RunReport.on(order, Kind.ENDED, "");
      ResultArchive.pack(deliveryId, "w", report, from, List.of(large), false, to);
    }
    hubService.deliver(archive);
    for (int heard = 0; heard < 2; heard++) {
      // when: it was killed before it recorded the outcome, and before the worker heard of it
      hubService = hubService(scratch.files);
      hubService.acknowledge(hubService.deliver(archive).deliveryId());
      HubHeartbeat told = hubService.heartbeat();

      // then
      assertThat(told.recorded()).containsExactly(deliveryId);
      assertThat(told.refused()).containsExactly(deliveryId);
    }
    assertThat(run.folder().resolve("process_result.json"))
        .content()
        .contains("the result from its worker was refused: is larger than");
    assertThat(hubService.heartbeat().refused()).isEmpty();
  }

  /** To tell the worker that it is recorded would make it delete the other hub's outcome. */
  @Test
  void leavesTheOutcomesOfAnotherHubOnItsBrokerToThat() throws Exception {
    // given
    Path archive = archive(DAMAGED);
    assertThat(hubService.deliver(archive).needsRecording()).as("an old one of its own").isFalse();

    // when
    monitor.hubHeartbeat(new HubHeartbeat(1, "other", Map.of(), Set.of(), Set.of()));

    // then
    assertThatThrownBy(() -> hubService.deliver(archive))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another hub");
    assertThat(hubService.deliver(archive(hubService.assign(order).deliveryId())).needsRecording())
        .isTrue();

    // when
    now.addAndGet(Duration.ofMinutes(1).toNanos());

    // then
    assertThat(hubService.deliver(archive(DAMAGED)).needsRecording()).isFalse();
  }

  /** Dispatch may release it again before its outcome is acknowledged. */
  @Test
  void sendsARunAgainUnderANewIdWhileItsLastOutcomeIsBeingRecorded() throws Exception {
    // given
    String first = hubService.assign(order).deliveryId();
    Path archive = folder.resolve("archive.zip");
    try (OutputStream to = Files.newOutputStream(archive)) {
      RunReport report = RunReport.on(order, Kind.NOT_READY, "loading");
      ResultArchive.pack(first, "w", report, folder, List.of(), false, to);
    }
    hubService.deliver(archive);

    // when
    String second = hubService.assign(order).deliveryId();
    hubService.acknowledge(first);

    // then: the broker would drop a message with the old id
    assertThat(second).isNotEqualTo(first);
    assertThat(hubService.inFlight()).extracting(InFlightRun::deliveryId).containsExactly(second);
    assertThat(hubService.assign(order).deliveryId()).isEqualTo(second);
    assertThat(names(scratch.home.state().resolve("in-flight"))).containsExactly(second + ".json");
  }

  @Test
  void keepsALateOutcomeOfALostRunAcrossAHubRestart() throws Exception {
    // given
    String deliveryId = hubService.assign(order).deliveryId();
    List<RunReport> lost = List.of();
    for (int second = 0; lost.isEmpty(); second++) {
      assertThat(second).isLessThan(200);
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      monitor.hubHeartbeat(monitor.heartbeat(List.of(), id -> false));
      lost = hubService.expired();
    }
    assertThat(lost.get(0).message()).contains("no worker has reported this attempt");
    HubService next = hubService(scratch.files);
    String again = next.assign(order).deliveryId();

    // when
    ReceivedResult late = next.deliver(archive(deliveryId));

    // then
    assertThat(again).isNotEqualTo(deliveryId);
    assertThat(late.needsRecording()).isFalse();
    assertThat(run.folder().resolve("attempts/1/process_result.json"))
        .content()
        .contains("crashed");
    assertThat(run.folder().resolve("process_result.json")).doesNotExist();
  }

  @Test
  void doesNotExpireARunWhoseOutcomeIsBeingRecorded() throws Exception {
    // given
    hubService.deliver(archive(hubService.assign(order).deliveryId()));

    // when
    List<RunReport> lost = new ArrayList<>();
    for (int second = 0; second < 200; second++) {
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      monitor.hubHeartbeat(monitor.heartbeat(List.of(), id -> false));
      lost.addAll(hubService.expired());
    }

    // then
    assertThat(lost).isEmpty();
    assertThat(run.folder().resolve("process_result.json")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"garbage", "{}", "null", "[]", "{\"delivery_id\": 5}", "", "FIFO", "FOLDER"})
  void startsWithDamagedRunsInFlight(String content) throws Exception {
    // given
    String sent = hubService.assign(order).deliveryId();
    for (String where : List.of("in-flight", "superseded")) {
      damaged(scratch.home.state().resolve(where).resolve(DAMAGED + ".json"), content);
      Path copy = scratch.home.state().resolve(where).resolve("e".repeat(32) + ".json");
      Files.copy(scratch.home.state().resolve("in-flight").resolve(sent + ".json"), copy);
      Files.createSymbolicLink(
          scratch.home.state().resolve(where).resolve("d".repeat(32) + ".json"), copy);
    }
    // when
    HubService next = hubService(scratch.files);
    // then
    assertThat(next.inFlight()).extracting(InFlightRun::deliveryId).containsExactly(sent);
    assertThat(next.assign(order).deliveryId()).isEqualTo(sent);
    assertThat(next.heartbeat()).isNotNull();
    assertThat(next.deliver(archive(DAMAGED)).needsRecording()).isFalse();
    assertThat(next.deliver(archive(sent)).needsRecording()).isTrue();
    assertThat(names(scratch.home.state().resolve("in-flight")))
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
    Run other = accept("b.yaml");
    RunOrder whole = RunOrder.execute(other.id(), other.batch().folder().toString(), 0);
    hubService.assign(order);
    String cancelled = hubService.assign(whole).deliveryId();
    Files.writeString(run.batch().folder().resolve("control.json"), "garbage");
    Control.Order why = new Control.Order("ann", "x");
    scratch.batches.load(other.batch().folder());
    new ControlStore(scratch.files).write(other.batch(), Control.NONE.withCancellation(why));
    try (CapturedLog log = CapturedLog.of(RunEdge.class)) {
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
    Run other = accept("b.yaml");
    DurableFiles refusing =
        new DurableFiles() {
          @Override
          public void writeWhole(Path file, byte[] content) throws IOException {
            if (file.startsWith(run.folder())) {
              throw new IOException("Read-only file system");
            }
            super.writeWhole(file, content);
          }
        };
    HubService hub = hubService(refusing);
    String first = hub.assign(order).deliveryId();
    hub.assign(RunOrder.execute(other.id(), other.batch().folder().toString(), 0));
    try (CapturedLog log = CapturedLog.of(RunEdge.class)) {
      // when
      List<RunReport> lost = new ArrayList<>();
      for (int second = 0; second < 200; second++) {
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        monitor.hubHeartbeat(monitor.heartbeat(List.of(), id -> false));
        lost.addAll(hub.expired());
      }
      // then
      assertThat(lost).extracting(RunReport::runId).containsExactly(other.id());
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0)).contains(run.id(), "Read-only file system");
      assertThat(hub.inFlight()).extracting(InFlightRun::deliveryId).containsExactly(first);
    }
  }

  private Run accept(String name) throws Exception {
    return scratch
        .acceptance
        .accept(scratch.claim(name, FixedRules.BASE), scratch.rules())
        .batch()
        .run(0);
  }

  private Path archive(String deliveryId) throws Exception {
    Path from = Files.createDirectories(folder.resolve("from"));
    Path result = Files.writeString(from.resolve("process_result.json"), FAILED);
    Path archive = folder.resolve("archive.zip");
    try (OutputStream out = Files.newOutputStream(archive)) {
      RunReport report = RunReport.on(order, Kind.ENDED, "");
      ResultArchive.pack(deliveryId, "w", report, from, List.of(result), false, out);
    }
    return archive;
  }

  private HubService hubService(DurableFiles durableFiles) throws Exception {
    RunFolderWriter files = new ScratchHome(scratch.home.root(), durableFiles).runFolders();
    RemoteRuns runs = new RemoteRuns(new RunTree(scratch.batches, scratch.outputs(), files));
    monitor =
        new WorkerMonitor(
            "hub",
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            new Workers(Duration.ofSeconds(30), now::get, new PipelineListeners()),
            (pool, deliveryId) -> false,
            now::get);
    return new HubService(
        scratch.home,
        durableFiles,
        runs,
        new PipelineListeners(),
        monitor,
        new ArchiveUnpacker(durableFiles, 1 << 20, Optional.empty()));
  }
}
