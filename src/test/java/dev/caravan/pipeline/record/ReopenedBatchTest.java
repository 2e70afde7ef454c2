package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.FOUR;
import static dev.caravan.pipeline.record.TestDaemon.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.retention.Protection;
import dev.caravan.observe.retention.Pruner;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of a batch that has ended are to be executed again. */
class ReopenedBatchTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  private Batch ended() throws Exception {
    Batch batch = daemon.take(FOUR);
    daemon.runToTheEnd(Outcome.SUCCEEDED);
    daemon.refresh();
    return batch;
  }

  /** Its last run was never started, so that it has no folder. */
  private Batch cancelled() throws Exception {
    Batch batch = daemon.take(FOUR);
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    daemon.handle(request(Action.CANCEL, batch));
    daemon.runToTheEnd(Outcome.SUCCEEDED);
    daemon.refresh();
    return batch;
  }

  private Optional<String> retry(Batch batch, int index) throws IOException {
    return daemon.handle(request(Action.RETRY, batch).forRuns(List.of(index), true));
  }

  private static Pruner pruner(ScratchHome home, DurableFiles files) {
    return new Pruner(Protection.of(home.home, files, Optional.empty()), files);
  }

  @Test
  void isNotReopenedWhileItIsBeingDeleted() throws Exception {
    // given
    Batch batch = ended();
    DurableFiles paused =
        new DurableFiles() {
          @Override
          public void move(Path from, Path to) throws IOException {
            assertThat(retry(batch, 0)).as("waits").isEmpty();
            super.move(from, to);
          }
        };

    // when
    pruner(daemon.scratch, paused).prune(batch.folder(), false);

    // then
    assertThat(daemon.release()).isEmpty();
    assertThat(batch.folder()).doesNotExist();
    assertThat(daemon.scratch.open.entries()).isEmpty();
    daemon.controlFiles.apply();
    assertThat(ScratchHome.names(daemon.scratch.home.control()))
        .singleElement()
        .asString()
        .endsWith(".refused.txt");
  }

  @Test
  void isReopenedWhenItIsCompressed() throws Exception {
    // given
    Batch batch = ended();
    Files.writeString(batch.run(0).folder().resolve("inputs.json"), "[1, 2, 3]\n".repeat(1_000));
    DurableFiles paused =
        new DurableFiles() {
          @Override
          public void writeStream(Path file, Content content) throws IOException {
            super.writeStream(file, content);
            assertThat(retry(batch, 0)).as("waits").isEmpty();
            assertThat(daemon.release()).isEmpty();
          }
        };
    pruner(daemon.scratch, paused).prune(batch.folder(), true);

    // when
    daemon.controlFiles.apply();

    // then
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency1");
  }

  @Test
  void isNotDeletedOnceItIsReopened() throws Exception {
    // given
    Batch batch = ended();
    retry(batch, 0);

    // then
    assertThatThrownBy(
            () -> pruner(daemon.scratch, new DurableFiles()).prune(batch.folder(), false))
        .hasMessageContaining("to be executed again");
  }

  @Test
  void isNotDeletedOnceARunThatWasNeverStartedIsToBeExecuted() throws Exception {
    // given
    Batch batch = cancelled();
    retry(batch, 3);

    // then
    assertThatThrownBy(
            () -> pruner(daemon.scratch, new DurableFiles()).prune(batch.folder(), false))
        .hasMessageContaining("to be executed again");
  }

  @Test
  void isOpenAlsoWhenItEndsWhileItIsBeingReopened() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.recorder.reopen(batch);
    daemon.runToTheEnd(Outcome.SUCCEEDED);
    assertThat(daemon.scratch.open.entries()).isEmpty();

    // when
    daemon.recorder.reopen(batch.run(0));

    // then
    assertThat(daemon.scratch.open.entries()).hasSize(1);
  }

  @Test
  void keepsTheResultsOfItsOtherRunsInTheSummary() throws Exception {
    // given
    Batch batch = ended();
    // when
    retry(batch, 0);
    // then
    assertThat(TestDaemon.summary(batch).finishedAt()).isEmpty();
    assertThat(TestDaemon.summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(3);
  }

  @Test
  void executesARunThatWasNeverStartedAfterARestart() throws Exception {
    // given
    Batch batch = cancelled();
    retry(batch, 3);

    // when
    TestDaemon next = TestDaemon.in(folder);

    // then
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency4");
    assertThat(next.scratch.open.entries()).isEmpty();
  }
}
