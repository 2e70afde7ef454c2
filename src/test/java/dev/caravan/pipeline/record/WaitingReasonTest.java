package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Owner;
import dev.caravan.model.RunOrder;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why a batch waits, as its follower and the queue tell it by what a daemon does. */
class WaitingReasonTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
    daemon.scratch.own();
  }

  @Test
  void tellsAFollowerWhatABatchWaitsFor() throws Exception {
    // given
    Batch first = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    Batch second = daemon.take(TestDaemon.config("second", "concurrency: [1, 2]"));
    DaemonStatus closed = new DaemonStatus(1, 7, "no aiperf", List.of(), List.of());
    DaemonStatus.Parked busy = new DaemonStatus.Parked("http://h:8000", "locked by pid 5", "14:00");
    DaemonStatus parked = new DaemonStatus(1, 7, null, List.of(), List.of(busy));

    // then
    assertThat(daemon.states(Optional.of(closed)).waiting(first))
        .contains("nothing starts: no aiperf");
    assertThat(daemon.states(Optional.of(parked)).waiting(first))
        .contains("parked: locked by pid 5 (http://h:8000, since 14:00)");
    assertThat(daemon.states(Optional.empty()).waiting(first))
        .contains("no daemon runs for " + folder);
    assertThat(messages(closed, first, second).get(1)).isEqualTo("nothing starts: no aiperf");
    daemon.handle(TestDaemon.request(Action.PAUSE, second));
    assertThat(daemon.states(Optional.of(closed)).waiting(second))
        .contains("paused by ann: no time");
  }

  @Test
  void tellsThatNothingStartsWhileTheDaemonStops() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    // when
    daemon.dispatch.hold();
    // then
    assertThat(daemon.states(Optional.of(daemon.dispatch.status())).waiting(batch))
        .contains("nothing starts: Caravan is stopping");
  }

  @Test
  void tellsWhyNoWorkerHasARunThatWasSent() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    String run = daemon.release().get(0).runKey();
    DaemonStatus sent = daemon.dispatch.status();
    assertThat(sent.underway()).hasSize(1);

    // when
    Optional<DaemonStatus> taken = Optional.of(sent.withTaken(Set.of(run)));
    Optional<DaemonStatus> queued = Optional.of(sent.withTaken(Set.of("/another#0")));

    // then
    assertThat(daemon.states(taken).waiting(batch)).isEmpty();
    assertThat(daemon.states(queued).waiting(batch))
        .contains("no worker of pool default has its run");
    assertThat(
            daemon.states(queued, List.of(worker("default", ""), worker("b", "no"))).waiting(batch))
        .contains("no worker of pool default has its run");
    assertThat(daemon.states(queued, List.of(worker("default", "its disk is full"))).waiting(batch))
        .contains("no worker of pool default has its run; h accepts none: its disk is full");
    assertThat(messages(queued.get(), batch))
        .containsExactly("no worker of pool default has its run");
  }

  @Test
  void tellsWhyNoWorkerServesAPool() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    Map<String, String> unserved = Map.of("default", "14:00");
    DaemonStatus status =
        new DaemonStatus(
            1, 7, null, List.of(), List.of(), unserved, List.of(), List.of(), Map.of(), List.of(),
            List.of());

    // then
    assertThat(
            daemon
                .states(Optional.of(status), List.of(worker("default", "its disk is full")))
                .waiting(batch))
        .contains("no worker serves pool default; h accepts none: its disk is full");
  }

  private static WorkerView worker(String pool, String whyNoRuns) {
    return new WorkerView(
        "w", "h", List.of(pool), 1, "0.13.0", List.of(), Map.of(), whyNoRuns, "noon");
  }

  @Test
  void namesTheBatchThatHasTheTarget() throws Exception {
    // given
    Batch first =
        daemon.take(TestDaemon.config("first", "concurrency: [1, 2]") + "cool_down: 60s\n");
    Batch second = daemon.take(TestDaemon.config("second", "concurrency: [1, 2]"));
    Batch priority = daemon.take(TestDaemon.config("third", "concurrency: [1]") + "priority: 3\n");

    // when
    RunOrder run = daemon.release().get(0);

    // then
    assertThat(reason(first)).isEmpty();
    assertThat(reason(second)).contains("after " + first.id());
    assertThat(messages(first, second, priority))
        .containsExactly("", "after " + first.id(), "priority 3; after " + first.id());

    // when: the pause between two runs
    daemon.end(run, Outcome.SUCCEEDED);
    daemon.release();

    // then
    assertThat(reason(first)).as("its own pause").isEmpty();
    assertThat(reason(second)).contains("after " + first.id());
    assertThat(messages(first, second))
        .containsExactly("next for its target", "after " + first.id());
  }

  @Test
  void namesNoBatchOnAnotherTarget() throws Exception {
    // given: a free slot, and a batch that pauses
    daemon.slots = 2;
    Batch pausing =
        daemon.take(TestDaemon.config("first", "concurrency: [1, 2]") + "cool_down: 60s\n");
    Batch elsewhere =
        daemon.take(TestDaemon.config("other", "concurrency: [1, 2]").replace("//h:", "//i:"));
    List<RunOrder> runs = daemon.release();
    Batch third =
        daemon.take(TestDaemon.config("third", "concurrency: [1]").replace("//h:", "//j:"));
    daemon.release();

    // then
    assertThat(runs).hasSize(2);
    assertThat(reason(third)).contains("when one of 2 runs ends: they use all slots");

    // when
    daemon.end(runs.get(0), Outcome.SUCCEEDED);
    daemon.slots = 3;
    daemon.release();

    // then
    assertThat(reason(pausing)).isEmpty();
    assertThat(messages(pausing, elsewhere, third)).containsExactly("next for its target", "", "");
  }

  @Test
  void countsTheSlotsOfItsPool() throws Exception {
    // given: a slot in each of two pools
    String lab = "worker: {pool: lab}\n";
    Batch pausing =
        daemon.take(TestDaemon.config("first", "concurrency: [1, 2]") + "cool_down: 60s\n");
    Batch first =
        daemon.take(TestDaemon.config("lab", "concurrency: [1, 2]").replace("//h:", "//i:") + lab);
    Batch second =
        daemon.take(TestDaemon.config("lab2", "concurrency: [1]").replace("//h:", "//j:") + lab);
    List<RunOrder> runs = daemon.release();

    // when
    daemon.end(runs.get(0), Outcome.SUCCEEDED);
    daemon.release();

    // then
    assertThat(runs).hasSize(2);
    assertThat(reason(pausing)).isEmpty();
    assertThat(reason(second))
        .contains("when a run of " + first.id() + " ends, which uses the only slot");
  }

  @Test
  void namesBatchesOnlyIfTheyHaveAllTargets() throws Exception {
    // given
    daemon.slots = 3;
    String two =
        TestDaemon.config(
            "two", "url: [\"http://h:8000\", \"http://i:8000\"], concurrency: [1, 2]");
    Batch first = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    Batch second =
        daemon.take(TestDaemon.config("second", "concurrency: [1]").replace("//h:", "//i:"));
    Batch both = daemon.take(two.replace("  url: http://h:8000\n", "") + "cool_down: 60s\n");

    // when
    RunOrder run = daemon.release().get(1);

    // then
    assertThat(reason(both)).contains("after " + first.id() + ", " + second.id());

    // when: one target is free, and it pauses after a run there
    daemon.end(run, Outcome.SUCCEEDED);
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    daemon.release();

    // then
    assertThat(reason(both)).isEmpty();
  }

  @Test
  void saysNothingOfBatchesThatThisDaemonDoesNotExecute() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    DaemonStatus closed = new DaemonStatus(1, 7, "no aiperf", List.of(), List.of());
    String home = ScratchHome.OWNER.home();

    // then
    assertThat(daemon.states(Optional.of(closed)).waiting(ownedBy(home, "daemon", batch)))
        .isPresent();
    for (Optional<DaemonStatus> status :
        List.of(Optional.of(closed), Optional.<DaemonStatus>empty())) {
      assertThat(daemon.states(status).waiting(ownedBy(home, "one-shot", batch))).isEmpty();
      assertThat(daemon.states(status).waiting(ownedBy("elsewhere", "daemon", batch))).isEmpty();
    }
  }

  @Test
  void saysNothingOfABatchThatHasFinished() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    daemon.handle(TestDaemon.request(Action.CANCEL, batch));
    assertThat(reason(batch)).contains("cancelled by ann: no time");

    // when
    daemon.runToTheEnd(Outcome.SUCCEEDED);
    daemon.refresh();

    // then
    assertThat(TestDaemon.summary(batch).finishedAt()).isPresent();
    assertThat(reason(batch)).isEmpty();
  }

  private static Batch ownedBy(String home, String mode, Batch batch) throws IOException {
    Path record = batch.folder().resolve(BatchFolder.RECORD);
    Files.writeString(
        record,
        Files.readString(record)
            .replaceFirst(
                "(\"owner\"\\s*:\\s*)\\{[^}]*\\}", "$1" + Json.text(new Owner(home, mode))));
    return new BatchStore(new DurableFiles()).load(batch.folder());
  }

  private Optional<String> reason(Batch batch) throws IOException {
    return daemon.states(Optional.of(daemon.dispatch.status())).waiting(batch);
  }

  private List<String> messages(Batch... batches) throws IOException {
    return messages(daemon.dispatch.status(), batches);
  }

  private List<String> messages(DaemonStatus status, Batch... batches) throws IOException {
    return new BatchQueue(
            new BatchStore(new DurableFiles()),
            daemon.states(Optional.of(status)),
            OffsetDateTime.now())
        .entries(Stream.of(batches).map(Batch::folder).toList(), List.of(), daemon.slots).stream()
            .map(QueueEntry::message)
            .toList();
  }
}
