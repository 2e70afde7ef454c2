package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.FOUR;
import static dev.caravan.pipeline.record.TestDaemon.head;
import static dev.caravan.pipeline.record.TestDaemon.request;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.PowerCut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests to execute runs of a batch again. */
class RetryRequestsTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @Test
  void rerunsAFailedRunOfAFinishedBatchAsANewAttempt() throws Exception {
    // given
    Batch batch = finished(Outcome.FAILED);
    assertThat(head(batch, 1).status()).isEqualTo(Outcome.FAILED);
    // when
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(1), false))).isEmpty();
    // then
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency2");
    assertThat(head(batch, 1).attempt()).isEqualTo(2);
    assertThat(names(batch.run(1).folder().resolve("attempts"))).containsExactly("1");
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(summary(batch).counters().ended()).isEqualTo(4);
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(daemon.scratch.open.entries()).isEmpty();
  }

  private Batch finished(Outcome outcome) throws Exception {
    Batch batch = daemon.take("limits: {same_cause: 0}\n" + FOUR);
    daemon.runToTheEnd(outcome);
    assertThat(summary(batch).finishedAt()).isPresent();
    return batch;
  }

  @Test
  void rerunsARunOfABatchWhoseEndAFullDiskDelays() throws Exception {
    // given
    FaultyDisk disk = new FaultyDisk();
    daemon = new TestDaemon(folder, disk);
    Batch batch = daemon.take("limits: {same_cause: 0}\n" + FOUR);
    disk.fullFor = "summary.json";
    daemon.runToTheEnd(Outcome.FAILED);
    assertThat(daemon.scratch.open.entries()).hasSize(1);
    // when
    daemon.handle(request(Action.RETRY, batch).forRuns(List.of(1), false));
    disk.fullFor = "";
    daemon.refresh();
    // then
    assertThat(summary(batch).finishedAt()).isEmpty();
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency2");
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
  }

  @Test
  void rerunsARunOfACancelledBatchAndLeavesTheRestCancelled() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.end(daemon.release().get(0), Outcome.FAILED);
    daemon.handle(request(Action.CANCEL, batch));
    daemon.release();
    // when
    daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0, 3), false));
    // then
    TestDaemon next = TestDaemon.in(folder);
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency1", "concurrency4");
    assertThat(names(batch.folder())).doesNotContain("concurrency2", "concurrency3");
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(2);
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(2);
    assertThat(TestDaemon.in(folder).release()).isEmpty();
  }

  @Test
  void cancelsARerun() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.handle(request(Action.CANCEL, batch));
    daemon.release();
    daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0), false));
    RunOrder again = daemon.release().get(0);
    // when
    daemon.handle(request(Action.CANCEL, batch));
    // then
    assertThat(daemon.stopped).containsExactly(again.runId());
  }

  @Test
  void refusesToRerunCompletedOrUnfinishedRuns() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    daemon.release();
    // then
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0), false)))
        .hasValueSatisfying(
            message -> assertThat(message).contains("run 1 of").contains("--force"));
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(1), true)))
        .hasValueSatisfying(message -> assertThat(message).contains("run 2").contains("not ended"));
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(3), true))).isPresent();
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(4), true))).isPresent();
    // and when
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0), true))).isEmpty();
    assertThat(firstRunIsSetAside(batch)).isTrue();
  }

  private static boolean firstRunIsSetAside(Batch batch) throws IOException {
    return names(batch.run(0).folder()).equals(List.of("attempts"));
  }

  @ParameterizedTest
  @EnumSource
  void rerunsExactlyOnceWheneverThePowerFails(PowerCut.When when) throws Exception {
    int cuts = 0;
    for (boolean wasCut = true; wasCut; cuts++) {
      // given
      Path home = Files.createDirectories(folder.resolve(when.name() + cuts));
      TestDaemon first = TestDaemon.in(home);
      Batch batch = first.take(FOUR);
      first.end(first.release().get(0), Outcome.FAILED);
      first.handle(request(Action.CANCEL, batch));
      first.release();
      request(Action.RETRY, batch)
          .forRuns(List.of(0), false)
          .write(first.scratch.home, new DurableFiles());
      PowerCut disk = new PowerCut(cuts + 1, when);
      // when
      try {
        new TestDaemon(home, disk).start();
        wasCut = !disk.neverHappened();
      } catch (PowerCut.PowerCutError e) {
        assertThat(e).isNotNull();
      }
      TestDaemon next = TestDaemon.in(home);
      List<String> ran = next.runToTheEnd(Outcome.SUCCEEDED);
      // then
      assertThat(ran).as(when + " " + cuts).containsExactly("concurrency1");
      assertThat(head(batch, 0).attempt()).as(when + " " + cuts).isEqualTo(2);
      assertThat(TestDaemon.in(home).release()).isEmpty();
    }
    assertThat(cuts).isGreaterThan(5);
  }
}
