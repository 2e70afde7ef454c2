package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.StatusFile;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the queue and followers are told of batches that wait for a run to be tried again. */
class BackOffTest {

  private static final Duration WAIT = Duration.ofDays(2);
  private static final String WHEN = "\\d\\d-\\d\\d \\d\\d:\\d\\d";

  /** The benchmark_duration of a run, and what is assumed beyond it until one has completed. */
  private static final int EXPECTED = 5 + 5;

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
    daemon.scratch.own();
  }

  @Test
  void tellsWhenARunIsTriedAgain() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("one", "concurrency: [1]"));
    OffsetDateTime due = OffsetDateTime.now().plus(WAIT);

    // when
    daemon.retry(daemon.release().get(0), Outcome.FAILED, WAIT);
    daemon.release();

    // then
    String reason = "run 1 will be retried at " + WHEN + " \\(crashed\\)";
    QueueEntry entry = queue(batch).get(0);
    assertThat(entry.state()).isEqualTo("waiting");
    assertThat(entry.message()).matches(reason);
    assertThat(waiting(batch)).hasValueSatisfying(told -> assertThat(told).matches(reason));
    assertThat(entry.start().orElseThrow()).isCloseTo(due, within(1, ChronoUnit.MINUTES));
    assertThat(entry.end()).contains(entry.start().get().plusSeconds(EXPECTED));
  }

  @Test
  void tellsTheOutcomeOfAnAttemptWithoutACause() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("one", "concurrency: [1]"));

    // when
    daemon.retry(daemon.release().get(0), Outcome.TIMED_OUT, WAIT);

    // then
    assertThat(queue(batch).get(0).message()).endsWith("(timed out)");
  }

  @Test
  void tellsTheNextOfSeveralRunsOnceNoneIsLeftToStart() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("two", "concurrency: [1, 2]"));

    // when
    daemon.retry(daemon.release().get(0), Outcome.FAILED, WAIT.multipliedBy(2));

    // then
    assertThat(queue(batch).get(0).message()).isEqualTo("next for its target");
    assertThat(waiting(batch)).isEmpty();

    // when
    daemon.retry(daemon.release().get(0), Outcome.FAILED, WAIT);

    // then
    assertThat(queue(batch).get(0).message()).startsWith("run 2 will be retried at ");
  }

  @Test
  void tellsThatASearchWaitsForItsRun() throws Exception {
    // given: a search knows its next run only once this one has ended
    String search = "slo: {error_rate_pct: 1}\nsearch: {concurrency: [1, 512]}\n";
    Batch batch = daemon.take(TestDaemon.config("search", "") + search);
    RunOrder order = daemon.release().get(0);

    // when
    daemon.retry(order, Outcome.FAILED, WAIT);

    // then
    assertThat(queue(batch).get(0).message())
        .startsWith("run " + batch.run(order.runIndex()).folderName() + " will be retried at ");
  }

  @Test
  void tellsNothingOfARunThatIsDue() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("one", "concurrency: [1]"));

    // when
    daemon.retry(daemon.release().get(0), Outcome.FAILED, Duration.ZERO);

    // then
    assertThat(waiting(batch)).isEmpty();
  }

  @Test
  void tellsWhatKeepsItBeyondTheBackOffFirst() throws Exception {
    // given
    Batch batch = daemon.take(TestDaemon.config("one", "concurrency: [1]"));
    daemon.retry(daemon.release().get(0), Outcome.FAILED, WAIT);

    // when
    daemon.handle(TestDaemon.request(Action.PAUSE, batch));

    // then
    assertThat(waiting(batch)).contains("paused by ann: no time");

    // when
    daemon.handle(TestDaemon.request(Action.RESUME, batch));
    daemon.handle(TestDaemon.request(Action.CANCEL, batch));

    // then
    assertThat(waiting(batch)).contains("cancelled by ann: no time");
  }

  @Test
  void servesOthersMeanwhile() throws Exception {
    // given
    Batch waiting = daemon.take(TestDaemon.config("one", "concurrency: [1]"));
    Batch other = daemon.take(TestDaemon.config("other", "concurrency: [1]"));
    daemon.retry(daemon.release().get(0), Outcome.FAILED, WAIT);

    // when
    assertThat(daemon.release()).extracting(RunOrder::runId).containsExactly(other.run(0).id());

    // then
    List<QueueEntry> queue = queue(waiting, other);
    assertThat(queue.get(0).message()).startsWith("run 1 will be retried at ");
    assertThat(queue.get(1).state()).isEqualTo("running");
    assertThat(queue.get(1).end().orElseThrow()).isBefore(queue.get(0).start().orElseThrow());
  }

  private Optional<String> waiting(Batch batch) throws IOException {
    return daemon.states(status()).waiting(batch);
  }

  private List<QueueEntry> queue(Batch... batches) throws IOException {
    return new BatchQueue(
            new BatchStore(new DurableFiles()), daemon.states(status()), OffsetDateTime.now())
        .entries(Stream.of(batches).map(Batch::folder).toList(), List.of(), 1);
  }

  /** As commands read it. */
  private Optional<DaemonStatus> status() throws IOException {
    new StatusFile(daemon.dispatch::status, daemon.scratch.home, daemon.scratch.files).write();
    return DaemonStatus.of(daemon.scratch.home);
  }
}
