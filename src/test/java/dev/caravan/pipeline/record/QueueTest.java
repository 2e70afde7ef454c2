package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.observe.report.QueueTable;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.StatusFile;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue as {@code caravan status} shows it, from the files that a daemon writes. */
class QueueTest {

  private static final OffsetDateTime NOW = OffsetDateTime.now();

  /** Assumed until a run has completed, in seconds beyond its benchmark_duration. */
  private static final int GUESS = 5;

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
    daemon.scratch.own();
  }

  @Test
  void forecastsBatchesOneAfterAnother() throws Exception {
    // given
    Batch first = daemon.take(TestDaemon.config("first", "concurrency: [1, 2, 3, 4]"));
    Batch second = daemon.take(TestDaemon.config("second", "benchmark_duration: [10, 20]"));
    // when
    List<QueueEntry> queue = queue(Optional.empty(), second, first);
    // then
    assertThat(queue).extracting(QueueEntry::id).containsExactly(first.id(), second.id());
    assertThat(queue).extracting(QueueEntry::state).containsOnly("waiting");
    assertThat(queue.get(0).start()).contains(NOW);
    assertThat(queue.get(0).end()).contains(NOW.plusSeconds(4 * (5 + GUESS)));
    assertThat(queue.get(1).start()).contains(NOW.plusSeconds(4 * (5 + GUESS)));
    assertThat(queue.get(1).end()).contains(NOW.plusSeconds(4 * (5 + GUESS) + 30 + 2 * GUESS));
  }

  @Test
  void leavesOutABatchWhoseFolderIsDeletedOnceItWasFound() throws Exception {
    // given: one that has lost its config, which somebody must see, and one that is gone
    Batch damaged = daemon.take(TestDaemon.config("damaged", "concurrency: [1]"));
    Batch gone = daemon.take(TestDaemon.config("gone", "concurrency: [1]"));
    daemon.scratch.files.delete(damaged.folder().resolve("config.yaml"));
    daemon.scratch.files.delete(gone.folder());
    // then
    assertThat(queue(Optional.empty(), damaged, gone))
        .extracting(QueueEntry::id, QueueEntry::state)
        .containsExactly(tuple(damaged.id(), "unreadable"));
  }

  @Test
  void keepsTheTimeOfLaterRunsWhenOneTakesLongerThanExpected() throws Exception {
    // given: a run of 5 s that has been running for an hour, and two after it
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2, 3]"));
    Batch next = daemon.take(TestDaemon.config("next", "concurrency: [1]"));
    // when
    List<QueueEntry> queue = queue(Optional.of(running(batch, NOW.minusHours(1))), batch, next);
    // then
    assertThat(queue.get(0).end().orElseThrow()).isAfter(NOW.plusSeconds(2 * (5 + GUESS)));
    assertThat(queue.get(1).start()).isEqualTo(queue.get(0).end());
  }

  @Test
  void expectsNothingInThePastOfARunThatShouldHaveEnded() throws Exception {
    // given: the only run of a batch, an hour late
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1]"));
    // then
    assertThat(queue(Optional.of(running(batch, NOW.minusHours(1))), batch).get(0).end())
        .hasValueSatisfying(end -> assertThat(end).isAfter(NOW));
  }

  @Test
  void learnsFromBatchesThatHaveFinished() throws Exception {
    // given: a batch on the same service whose run took 20 s instead of 5
    Batch finished = daemon.take(TestDaemon.config("finished", "concurrency: [1]"));
    daemon.seconds = 20;
    daemon.runToTheEnd(Outcome.SUCCEEDED);
    daemon.refresh();
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    // then
    assertThat(queue(List.of(finished), batch).get(0).end()).contains(NOW.plusSeconds(2 * 20));
    assertThat(queue(List.of(folder.resolve("gone")), batch).get(0).end())
        .contains(NOW.plusSeconds(2 * (5 + GUESS)));
  }

  @Test
  void saysNoTimeForRunsThatANumberOfRequestsEndsUntilOneHas() throws Exception {
    // given
    String counted =
        TestDaemon.config("counted", "concurrency: [1, 2]")
            .replace("benchmark_duration: 5", "aiperf_options: {request_count: 100}");
    Batch batch = daemon.take(counted);
    Batch next = daemon.take(TestDaemon.config("next", "concurrency: [1]"));
    // when
    List<QueueEntry> unknown = queue(Optional.empty(), batch, next);
    // then
    assertThat(unknown.get(0).start()).contains(NOW);
    assertThat(unknown.get(0).end()).isEmpty();
    assertThat(unknown.get(1).start()).isEmpty();
    assertThat(unknown.get(1).end()).isEmpty();
    daemon.seconds = 8;
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    daemon.refresh();
    assertThat(queue(Optional.empty(), batch).get(0).end()).contains(NOW.plusSeconds(8));
  }

  private static DaemonStatus running(Batch batch, OffsetDateTime since) {
    DaemonStatus.Underway underway =
        new DaemonStatus.Underway(
            batch.run(0).id(), batch.folder().toString(), 0, since.toString(), "default");
    return new DaemonStatus(1, 7, null, List.of(underway), List.of());
  }

  @Test
  void learnsTheOverheadOfARun() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2, 3, 4]"));
    daemon.seconds = 8;
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    daemon.refresh();
    // when
    QueueEntry entry = queue(Optional.empty(), batch).get(0);
    // then
    assertThat(entry.done()).isEqualTo(1);
    assertThat(entry.end()).contains(NOW.plusSeconds(3 * 8));
  }

  @Test
  void showsRunningAndHeldBackBatchesWithReasons() throws Exception {
    // given
    Batch first = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    Batch second = daemon.take(TestDaemon.config("second", "concurrency: [1, 2]"));
    Batch third = daemon.take(TestDaemon.config("third", "concurrency: [1, 2]"));
    daemon.release();
    daemon.handle(TestDaemon.request(Action.PAUSE, second));
    new StatusFile(daemon.dispatch::status, daemon.scratch.home, daemon.scratch.files).write();
    Optional<DaemonStatus> status = DaemonStatus.of(daemon.scratch.home);
    // when
    List<QueueEntry> queue = queue(status, first, second, third);
    // then
    assertThat(queue).extracting(QueueEntry::state).containsExactly("running", "paused", "waiting");
    assertThat(queue.get(1).message()).isEqualTo("by ann: no time");
    assertThat(queue.get(1).end()).isEmpty();
    String target = "http://h:8000";
    DaemonStatus parked =
        new DaemonStatus(
            1,
            7,
            null,
            List.of(),
            List.of(new DaemonStatus.Parked(target, "refused", "14:00")),
            Map.of(),
            List.of(
                new DaemonStatus.Held(
                    second.id(), second.folder().toString(), target, "no key", "14:10")),
            List.of(),
            Map.of(),
            List.of(),
            List.of());
    assertThat(queue(Optional.of(parked), third).get(0).message())
        .isEqualTo("refused (http://h:8000, since 14:00)");
    daemon.handle(TestDaemon.request(Action.RESUME, second));
    assertThat(queue(Optional.of(parked), second).get(0).message())
        .isEqualTo("no key (http://h:8000, since 14:10)");
    assertThat(new QueueTable(NOW).text(queue).lines()).hasSize(4);
  }

  @Test
  void saysThatACancelledBatchWaitsOnceItIsRetried() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    daemon.handle(TestDaemon.request(Action.CANCEL, batch));
    assertThat(queue(Optional.empty(), batch).get(0).state()).isEqualTo("cancelled");
    daemon.runToTheEnd(Outcome.SUCCEEDED);
    daemon.refresh();
    // when
    daemon.handle(TestDaemon.request(Action.RETRY, batch).forRuns(List.of(0), false));
    // then
    assertThat(queue(Optional.empty(), batch).get(0).state()).isEqualTo("waiting");
    assertThat(TestDaemon.summary(batch).finishedAt()).isEmpty();
    // when
    daemon.handle(TestDaemon.request(Action.CANCEL, batch));
    // then
    assertThat(queue(Optional.empty(), batch).get(0).state()).isEqualTo("cancelled");
  }

  @Test
  void saysThatABatchWaitsForTheOnlySlot() throws Exception {
    // given: a run on one target, and a batch for another
    Batch running = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    Batch waiting =
        daemon.take(
            TestDaemon.config("other", "concurrency: [1, 2]")
                .replace("http://h:8000", "http://i:1"));
    daemon.release();
    Optional<DaemonStatus> status = Optional.of(daemon.dispatch.status());
    // then
    String reason = "when a run of " + running.id() + " ends, which uses the only slot";
    assertThat(queue(status, running, waiting).get(1).message()).isEqualTo(reason);
    assertThat(daemon.states(status).waiting(waiting)).contains(reason);
    assertThat(queue(Optional.empty(), running, waiting).get(1).message())
        .isEqualTo("next for its target");
  }

  @Test
  void writesTheStatusOnlyWhenItChanged() throws Exception {
    // given
    StatusFile file =
        new StatusFile(daemon.dispatch::status, daemon.scratch.home, daemon.scratch.files);
    file.write();
    Object before = key();
    // then
    file.write();
    assertThat(key()).isEqualTo(before);
    daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    daemon.release();
    file.write();
    assertThat(key()).isNotEqualTo(before);
  }

  @Test
  void showsThatEverythingIsPaused() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("first", "concurrency: [1, 2]"));
    daemon.handle(ControlRequest.of(Action.PAUSE, "ann", ""));
    // then
    assertThat(queue(Optional.empty(), batch).get(0).message()).isEqualTo("by ann");
  }

  private Object key() throws IOException {
    return Files.getAttribute(daemon.scratch.home.status(), "unix:ino");
  }

  private List<QueueEntry> queue(Optional<DaemonStatus> status, Batch... batches)
      throws IOException {
    return queue(status, List.of(), batches);
  }

  private List<QueueEntry> queue(List<?> ended, Batch... batches) throws IOException {
    List<Path> folders =
        ended.stream().map(each -> each instanceof Batch b ? b.folder() : (Path) each).toList();
    return queue(Optional.empty(), folders, batches);
  }

  private List<QueueEntry> queue(Optional<DaemonStatus> status, List<Path> ended, Batch... batches)
      throws IOException {
    return new BatchQueue(new BatchStore(new DurableFiles()), daemon.states(status), NOW)
        .entries(List.of(batches).stream().map(Batch::folder).toList(), ended, 1);
  }
}
