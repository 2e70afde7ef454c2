package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.config;
import static dev.caravan.pipeline.record.TestDaemon.request;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.storage.BatchFolder;
import dev.caravan.testing.CapturedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon knows after its start of a batch that had begun before. */
class ResumedResultsTest {

  @TempDir private Path folder;
  private TestDaemon daemon;
  private Batch batch;

  @BeforeEach
  void pauseABatchAfterTwoOfItsRuns() throws Exception {
    daemon = TestDaemon.in(folder);
    batch = daemon.take(config("night", "concurrency: [1, 2, 3, 4]"));
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    daemon.end(daemon.release().get(0), Outcome.FAILED);
    daemon.handle(request(Action.PAUSE, batch));
    daemon.refresh();
    assertThat(summary(batch).counters().ended()).isEqualTo(2);
  }

  private OpenResults results() {
    return daemon.recorder.find(batch.folder()).orElseThrow();
  }

  @Test
  void readsAPausedBatchThatNoRunOfWasLookedAt() throws Exception {
    // when
    daemon = TestDaemon.in(folder);

    // then: its files tell more until it is read
    assertThat(daemon.release()).isEmpty();
    assertThat(results().isRead()).isFalse();

    // when
    daemon.refresh();

    // then
    assertThat(results().isRead()).isTrue();
    assertThat(results().summary().counters().of(Outcome.FAILED)).isEqualTo(1);
    assertThat(results().rows()).hasSize(2);
    assertThat(summary(batch).counters().ended()).isEqualTo(2);
  }

  @Test
  void readsAPausedBatchThatWasKilledBeforeItsFirstSummary() throws Exception {
    // given
    Files.delete(batch.folder().resolve(BatchFolder.SUMMARY));
    Batch single = daemon.take(config("single", ""));
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    Files.delete(single.folder().resolve(BatchFolder.SUMMARY));

    // when
    daemon = TestDaemon.in(folder);

    // then
    assertThat(results().isRead()).isFalse();
    assertThat(new OpenResults(single).isRead()).isFalse();

    // when
    daemon.refresh();

    // then
    assertThat(results().summary().counters().ended()).isEqualTo(2);
    assertThat(summary(batch).counters().ended()).isEqualTo(2);
  }

  @Test
  void saysOnceThatABatchCannotBeReadAndReadsItLater() throws Exception {
    // given
    daemon = TestDaemon.in(folder);
    Path aside = Files.move(batch.folder(), folder.resolve("aside"));
    Files.createSymbolicLink(batch.folder(), batch.folder()); // nothing can follow it

    try (CapturedLog log = CapturedLog.of(Recorder.class)) {
      // when
      daemon.refresh();
      daemon.refresh();
      daemon.refresh();

      // then
      assertThat(log.lines())
          .singleElement(STRING)
          .contains(batch.id(), "The summary may be missing runs");
    }

    // when
    Files.delete(batch.folder());
    Files.move(aside, batch.folder());

    // then
    await()
        .untilAsserted(
            () -> {
              daemon.refresh();
              assertThat(results().rows()).hasSize(2);
            });
  }

  @Test
  void keepsTheRowsOfAPausedBatchWhenALateReportComes() throws Exception {
    // given
    daemon.handle(request(Action.RESUME, batch));
    var underway = daemon.release().get(0);
    daemon.handle(request(Action.PAUSE, batch));
    daemon.refresh();
    daemon = TestDaemon.in(folder);

    // when: a worker ends its run, and a change is written before the batch was read
    daemon.end(underway, Outcome.SUCCEEDED);
    daemon.recorder.flush(batch);

    // then
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(2);
    assertThat(summary(batch).counters().of(Outcome.FAILED)).isEqualTo(1);
  }

  @Test
  void readsEachBatchOnceAndNoNewOne() throws Exception {
    // given
    daemon = TestDaemon.in(folder);
    Batch other = daemon.take(config("new", "concurrency: [1, 2]"));

    // then
    assertThat(daemon.recorder.find(other.folder()).orElseThrow().isRead()).isTrue();

    // when: the paused one is resumed, and ends
    daemon.refresh();
    daemon.handle(request(Action.RESUME, batch));
    List<String> ids = daemon.runToTheEnd(Outcome.SUCCEEDED);
    daemon.refresh();

    // then
    assertThat(ids).containsExactly("concurrency3", "concurrency4", "concurrency1", "concurrency2");
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(3);
    assertThat(summary(batch).finishedAt()).isPresent();
  }
}
