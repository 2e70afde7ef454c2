package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.FOUR;
import static dev.caravan.pipeline.record.TestDaemon.request;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is paused stays paused over restarts, until it is resumed. */
class PauseRequestsTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @Test
  void keepsABatchPausedOverARestartUntilItIsResumed() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    Batch other = daemon.take(FOUR.replace("night", "day"));
    daemon.handle(request(Action.PAUSE, batch));
    // when
    TestDaemon next = TestDaemon.in(folder);
    // then
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).hasSize(4);
    assertThat(summary(other).finishedAt()).isPresent();
    // and when
    next.handle(request(Action.RESUME, batch));
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).hasSize(4);
    assertThat(summary(batch).finishedAt()).isPresent();
  }

  @Test
  void keepsTargetsAndTheHomePausedOverARestart() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    String url = (String) batch.config().base().values().get("url");
    daemon.handle(ControlRequest.of(Action.PAUSE, "ann", "").forTarget(url));
    daemon.handle(ControlRequest.of(Action.PAUSE, "ann", ""));
    // when
    TestDaemon next = TestDaemon.in(folder);
    // then
    assertThat(next.release()).isEmpty();
    next.handle(ControlRequest.of(Action.RESUME, "ann", ""));
    assertThat(next.release()).isEmpty();
    next.handle(ControlRequest.of(Action.RESUME, "ann", "").forTarget(url));
    assertThat(next.release()).hasSize(1);
  }
}
