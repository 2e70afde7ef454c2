package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.FOUR;
import static dev.caravan.pipeline.record.TestDaemon.head;
import static dev.caravan.pipeline.record.TestDaemon.request;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests to cancel a batch or some of its runs, also over restarts. */
class CancelRequestsTest {

  private static final String BY_ANN = " cancelled by ann: no time";

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @Test
  void cancelsABatchWithoutStartingItsOtherRuns() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    RunOrder first = daemon.release().get(0);
    // when
    assertThat(daemon.handle(request(Action.CANCEL, batch))).isEmpty();
    daemon.end(first, Outcome.CANCELLED);
    // then
    assertThat(daemon.stopped).containsExactly(first.runId());
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).isEmpty();
    assertThat(names(batch.folder())).contains("concurrency1").doesNotContain("concurrency2");
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(4);
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(daemon.scratch.open.entries()).isEmpty();
    assertThat(names(daemon.scratch.home.control())).isEmpty();
    Control.Order order = new ControlStore(new DurableFiles()).of(batch).cancelled().orElseThrow();
    assertThat(order.by()).isEqualTo("ann");
    assertThat(order.why()).isEqualTo("no time");
  }

  @Test
  void cancelsAHundredThousandRunsWithoutCreatingFolders() throws Exception {
    // given
    String sweeps = "concurrency: " + range(1000) + ", random_seed: " + range(100);
    Batch batch = daemon.take(TestDaemon.config("night", sweeps));
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    // when
    daemon.handle(request(Action.CANCEL, batch));
    daemon.release();
    // then
    assertThat(summary(batch).total()).isEqualTo(100_000);
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(99_999);
    assertThat(names(batch.folder())).hasSizeLessThan(10);
  }

  private static String range(int size) {
    return IntStream.rangeClosed(1, size).boxed().toList().toString();
  }

  @Test
  void staysCancelledAfterARestartAndKeepsFinishedRuns() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    RunOrder second = daemon.release().get(0);
    request(Action.CANCEL, batch).write(daemon.scratch.home, daemon.scratch.files);
    Files.createDirectories(batch.run(second.runIndex()).folder());
    // when
    TestDaemon next = TestDaemon.in(folder);
    // then
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency2" + BY_ANN);
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(3);
    assertThat(summary(batch).finishedAt()).isPresent();
  }

  @Test
  void cancelsOneRunWhenItIsNext() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    // when
    daemon.handle(request(Action.CANCEL, batch).forRuns(List.of(2), false));
    // then
    assertThat(names(batch.folder())).doesNotContain("concurrency3");
    TestDaemon next = TestDaemon.in(folder);
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED))
        .containsExactly("concurrency1", "concurrency2", "concurrency3" + BY_ANN, "concurrency4");
    assertThat(head(batch, 2).status()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void stopsARunInFlightThatIsCancelledAlone() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    RunOrder first = daemon.release().get(0);
    // when
    daemon.handle(request(Action.CANCEL, batch).forRuns(List.of(0), false));
    // then
    assertThat(daemon.stopped).containsExactly(first.runId());
    daemon.end(first, Outcome.CANCELLED);
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).hasSize(3);
  }
}
