package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.Searches.CONFIG;
import static dev.caravan.pipeline.record.Searches.answer;
import static dev.caravan.pipeline.record.Searches.end;
import static dev.caravan.pipeline.record.Searches.measure;
import static dev.caravan.pipeline.record.Searches.named;
import static dev.caravan.pipeline.record.Searches.request;
import static dev.caravan.pipeline.record.Searches.run;
import static dev.caravan.pipeline.record.Searches.runToTheEnd;
import static dev.caravan.pipeline.record.Searches.service;
import static dev.caravan.pipeline.record.Searches.step;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search goes on from the files of its runs after a kill, and when runs are repeated. */
class SearchGoesOnTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @Test
  void givesTheSameAnswerAfterAKillAtEachStep() throws Exception {
    // given
    TestDaemon undisturbed = TestDaemon.in(Files.createDirectory(folder.resolve("undisturbed")));
    Batch expected = undisturbed.take(CONFIG);
    List<String> names = runToTheEnd(undisturbed, service(100.5));
    Batch batch = daemon.take(CONFIG);
    // when
    List<String> afterKills = new ArrayList<>();
    for (int at = 0; at < names.size(); at++) {
      RunOrder lost = daemon.release().get(0);
      Files.createDirectories(run(daemon, lost).folder());
      daemon = TestDaemon.in(folder); // killed in a run
      RunOrder again = daemon.release().get(0);
      assertThat(again.runIndex()).isEqualTo(lost.runIndex());
      end(daemon, again, service(100.5));
      afterKills.add(run(daemon, again).folderName());
      daemon = TestDaemon.in(folder); // killed after it
    }
    // then
    assertThat(afterKills).isEqualTo(names);
    assertThat(daemon.release()).isEmpty();
    daemon.refresh();
    assertThat(answer(batch)).isEqualTo(answer(expected));
    assertThat(summary(batch).finishedAt()).isPresent();
  }

  @Test
  void resumesARunThatWasToBeRepeatedWhenItWasKilled() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    runToTheEnd(daemon, service(46.5));
    // when
    daemon.handle(TestDaemon.request(Action.RETRY, batch).forRuns(List.of(0), true));
    daemon = TestDaemon.in(folder);
    List<String> names = runToTheEnd(daemon, service(46.5));
    // then
    assertThat(names).startsWith("concurrency1");
    assertThat(summary(batch).finishedAt()).isPresent();
  }

  @Test
  void judgesARepeatedRunAnewAndGoesOnFromThere() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    List<String> names = runToTheEnd(daemon, service(46.5));
    int keeps = (Integer) answer(batch).keeps().orElseThrow();
    Run first = named(batch, "concurrency" + keeps);
    // when
    daemon.handle(TestDaemon.request(Action.RETRY, batch).forRuns(List.of(first.index()), true));
    RunOrder again = daemon.release().get(0);
    measure(first, 5_000);
    daemon.end(again, Outcome.SUCCEEDED);
    List<String> more = runToTheEnd(daemon, service(46.5));
    // then
    assertThat(again.runIndex()).isEqualTo(first.index());
    assertThat(more).doesNotContainAnyElementsOf(names);
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(summary(batch).total()).isEqualTo(names.size() + more.size());
    assertThat((Integer) answer(batch).keeps().orElseThrow()).isBetween(40, keeps);
  }

  @Test
  void neitherCancelsNorRepeatsARunThatItDidNotMake() throws Exception {
    // given: it is over, without 3
    Batch batch = daemon.take(CONFIG);
    runToTheEnd(daemon, service(46.5));
    Run unmade = named(batch, "concurrency3");
    OffsetDateTime end = summary(batch).finishedAt().orElseThrow();
    // when
    Optional<String> cancelled = daemon.handle(request(Action.CANCEL, batch, unmade));
    Optional<String> repeated = daemon.handle(request(Action.RETRY, batch, unmade));
    // then
    assertThat(cancelled.orElseThrow()).contains(batch.id() + " is finished");
    assertThat(repeated.orElseThrow()).contains("concurrency3 of", "has not ended yet");
    assertThat(daemon.release()).isEmpty();
    assertThat(summary(batch).finishedAt()).hasValue(end);
  }

  @Test
  void doesNotRepeatARunThatWasCancelledBeforeItWasMade() throws Exception {
    // given: the search is on its way, and may come to 3
    Batch batch = daemon.take(CONFIG);
    step(daemon, service(46.5));
    Run unmade = named(batch, "concurrency3");
    // when
    Optional<String> cancelled = daemon.handle(request(Action.CANCEL, batch, unmade));
    Optional<String> repeated = daemon.handle(request(Action.RETRY, batch, unmade));
    // then
    assertThat(cancelled).isEmpty();
    assertThat(repeated.orElseThrow()).contains("concurrency3 of", "has not ended yet");
    assertThat(step(daemon, service(46.5))).isEqualTo("concurrency2");
  }
}
