package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.Searches.CONFIG;
import static dev.caravan.pipeline.record.Searches.answer;
import static dev.caravan.pipeline.record.Searches.load;
import static dev.caravan.pipeline.record.Searches.measure;
import static dev.caravan.pipeline.record.Searches.run;
import static dev.caravan.pipeline.record.Searches.runToTheEnd;
import static dev.caravan.pipeline.record.Searches.service;
import static dev.caravan.pipeline.record.Searches.step;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.SearchSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a search answers and how it gets there, over the files of a home. */
class SearchAnswersTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @Test
  void answersInWordsWithTheNumbers() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    // when
    List<String> names = runToTheEnd(daemon, service(46.5));
    // then
    assertThat(names).startsWith("concurrency1", "concurrency2", "concurrency4");
    assertThat(names).hasSizeLessThanOrEqualTo(37).doesNotHaveDuplicates();
    assertThat(summary(batch).total()).isEqualTo(names.size());
    assertThat(summary(batch).finishedAt()).isPresent();
    SearchSummary search = summary(batch).search().orElseThrow();
    assertThat(search.most()).isEqualTo(37);
    assertThat(search.notNeeded()).isEqualTo(37 - names.size());
    assertThat((Integer) answer(batch).keeps().orElseThrow()).isBetween(44, 48);
    assertThat(answer(batch).why()).isEqualTo("precision");
    assertThat(answer(batch).text())
        .matches(
            "concurrency 4\\d meets TTFT p99 ≤ 500 ms \\(\\d+ ms \\[\\d+, \\d+\\], \\d runs\\);"
                + " 4\\d does not \\(\\d+ ms \\[\\d+, \\d+\\], \\d runs\\)");
    assertThat(search.brief()).isEqualTo("concurrency " + answer(batch).keeps().orElseThrow());
  }

  @Test
  void tellsHowFarItIs() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    for (int at = 0; at < 3; at++) {
      step(daemon, service(46.5));
    }
    // when
    daemon.refresh();
    // then
    assertThat(summary(batch).total()).isEqualTo(37);
    assertThat(summary(batch).search().orElseThrow().underway())
        .matches(
            "searching, 3 of at most 37 runs; so far concurrency 4 meets TTFT p99 ≤ 500 ms .*");
    assertThat(summary(batch).search().orElseThrow().brief()).isEqualTo("concurrency …");
  }

  @Test
  void takesAServiceThatFailsUnderALoadForOneThatDoesNotKeepIt() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    // when
    for (List<RunOrder> now = daemon.release(); !now.isEmpty(); now = daemon.release()) {
      if (load(run(daemon, now.get(0))) > 20) {
        daemon.end(now.get(0), Outcome.TIMED_OUT);
      } else {
        measure(run(daemon, now.get(0)), 100);
        daemon.end(now.get(0), Outcome.SUCCEEDED);
      }
    }
    // then
    assertThat(answer(batch).text())
        .isEqualTo(
            "concurrency 20 meets TTFT p99 ≤ 500 ms (100 ms, 2 runs);"
                + " 21 does not (reason, 2 runs)");
  }

  @Test
  void asksADisturbedLoadTwiceMore() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    // when
    List<String> names = daemon.runToTheEnd(Outcome.FAILED); // crashed
    // then
    assertThat(names).containsExactly("concurrency1", "concurrency1__r2", "concurrency1__r3");
    assertThat(answer(batch).text())
        .isEqualTo("no answer at concurrency 1: 3 runs, the last: reason");
  }

  @Test
  void saysWhenTheMetricIsMissing() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    // when
    List<String> names = daemon.runToTheEnd(Outcome.SUCCEEDED);
    // then
    assertThat(names).hasSize(1);
    assertThat(answer(batch).text())
        .isEqualTo("no answer at concurrency 1: ttft_ms_p99 was not measured");
  }
}
