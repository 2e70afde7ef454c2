package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who follows or listens is told of each end once, and outside of the lock. */
class ToldEndsTest {

  @TempDir private Path folder;
  private RecordedBatch batch;

  @BeforeEach
  void accept() throws Exception {
    batch = new RecordedBatch(folder);
  }

  @Test
  void tellsOfEachReportOnceItIsRecordedAndOfTheEndOnce() throws Exception {
    // given
    List<String> told = new ArrayList<>();
    batch.listeners.add(change -> told.add(change.getClass().getSimpleName()));
    // when
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    told.clear();
    batch.ended(2, Outcome.SUCCEEDED, "");
    batch.report(2, Kind.ENDED);
    // then
    assertThat(told)
        .containsExactly("Ended", "ResultsChanged", "Finished", "Closed", "Reported", "Reported");
  }

  @Test
  void tellsOfTheEndOnceWhenARefreshWaitedForIt() throws Exception {
    // given
    List<String> told = new ArrayList<>();
    batch.listeners.add(change -> told.add(change.getClass().getSimpleName()));
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    Thread refresh = new Thread(batch.recorder::refresh);
    // when
    synchronized (batch.recorder) {
      refresh.start();
      await().until(() -> refresh.getState() == Thread.State.BLOCKED);
      batch.ended(2, Outcome.SUCCEEDED, "");
    }
    refresh.join();
    // then
    assertThat(told).containsOnlyOnce("Finished", "Closed");
  }

  @Test
  void notifiesOfTheEndWithoutHoldingTheLock() throws Exception {
    // given
    List<Boolean> held = new ArrayList<>();
    batch.follow().whenFinished().thenRun(() -> held.add(Thread.holdsLock(batch.recorder)));
    // when
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    batch.ended(2, Outcome.SUCCEEDED, "");
    // then
    assertThat(held).containsExactly(false);
  }

  @Test
  void notifiesOfADelayedEndWithoutHoldingTheLock() throws Exception {
    // given
    List<Boolean> held = new ArrayList<>();
    batch.follow().whenFinished().thenRun(() -> held.add(Thread.holdsLock(batch.recorder)));
    batch.ended(0, Outcome.SUCCEEDED, "");
    batch.ended(1, Outcome.SUCCEEDED, "");
    batch.diskFullAtTheEnd = true;
    batch.ended(2, Outcome.SUCCEEDED, "");
    // when
    batch.diskFull = false;
    batch.recorder.refresh();
    // then
    assertThat(held).containsExactly(false);
  }
}
