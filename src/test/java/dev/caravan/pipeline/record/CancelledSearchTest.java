package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.Searches.CONFIG;
import static dev.caravan.pipeline.record.Searches.answer;
import static dev.caravan.pipeline.record.Searches.service;
import static dev.caravan.pipeline.record.Searches.step;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.SearchSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that is paused or cancelled, and what it tells then. */
class CancelledSearchTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @Test
  void waitsDuringAPause() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    step(daemon, service(46.5));
    // when
    daemon.handle(TestDaemon.request(Action.PAUSE, batch));
    List<RunOrder> paused = daemon.release();
    daemon.handle(TestDaemon.request(Action.RESUME, batch));
    // then
    assertThat(paused).isEmpty();
    assertThat(step(daemon, service(46.5))).isEqualTo("concurrency2");
  }

  @Test
  void endsWhenItIsCancelledAndSaysWhatIsKnown() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    for (int at = 0; at < 9; at++) {
      step(daemon, service(46.5));
    }
    // when
    daemon.handle(TestDaemon.request(Action.CANCEL, batch));
    List<RunOrder> released = daemon.release();
    daemon.refresh();
    // then
    assertThat(released).isEmpty();
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(1);
    assertThat(answer(batch).why()).isEqualTo("cancelled");
    assertThat(answer(batch).text())
        .startsWith(
            "cancelled (by ann: no time) after 9 of at most 37 runs; so far concurrency 32 meets");
    SearchSummary search = summary(batch).search().orElseThrow();
    assertThat(search.brief()).isEqualTo("concurrency 32? (cancelled)");
    assertThat(search.underway()).isEmpty();
    assertThat(search.unanswered()).hasValue(answer(batch).text());
  }

  @Test
  void saysWhichLimitCancelledIt() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG + "limits: {max_failures: 2}\n");
    step(daemon, load -> 100);
    // when
    for (int failed = 0; failed < 2; failed++) {
      daemon.end(daemon.release().get(0), Outcome.FAILED);
    }
    List<RunOrder> released = daemon.release();
    daemon.refresh();
    // then
    assertThat(released).isEmpty();
    assertThat(answer(batch).why()).isEqualTo("cancelled");
    assertThat(answer(batch).text())
        .startsWith(
            "cancelled (by caravan: 2 runs in a row failed: reason) after 3 of at most 37 runs;"
                + " so far concurrency 1 meets TTFT");
    assertThat(summary(batch).search().orElseThrow().unanswered()).hasValue(answer(batch).text());
  }

  @Test
  void keepsWhatIsKnownWhenItIsCancelledInARun() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    for (int at = 0; at < 9; at++) {
      step(daemon, service(46.5));
    }
    RunOrder running = daemon.release().get(0);
    // when
    daemon.handle(TestDaemon.request(Action.CANCEL, batch));
    daemon.end(running, Outcome.CANCELLED);
    List<RunOrder> released = daemon.release();
    daemon.refresh();
    // then
    assertThat(released).isEmpty();
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(1);
    assertThat(answer(batch).why()).isEqualTo("cancelled");
    assertThat(answer(batch).text())
        .matches("cancelled at concurrency \\d+: reason; so far concurrency 32 meets TTFT .*");
    SearchSummary search = summary(batch).search().orElseThrow();
    assertThat(search.brief()).isEqualTo("concurrency 32?");
    assertThat(search.unanswered()).hasValue(answer(batch).text());
    assertThat(FailOn.FAILED.isFailure(summary(batch))).isTrue();
  }
}
