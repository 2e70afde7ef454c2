package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.Searches.CONFIG;
import static dev.caravan.pipeline.record.Searches.answer;
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
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.SearchSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch with several searches makes one after the other, whatever they answer. */
class SeveralSearchesTest {

  private static final String TWO = CONFIG + "sweeps: {isl: [100, 200]}\n";
  private static final String CANCELLED = "concurrency2_prompt_input_tokens_mean100";

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @Test
  void searchesForEachVariantOneAfterTheOther() throws Exception {
    // given
    Batch batch =
        daemon.take(CONFIG + "variants: {a: {url: \"http://a\"}, b: {url: \"http://b\"}}\n");
    // when
    List<String> names = runToTheEnd(daemon, service(20.5));
    // then
    List<String> variants = names.stream().map(name -> name.substring(0, 1)).distinct().toList();
    assertThat(variants).containsExactly("a", "b");
    assertThat(names).isSortedAccordingTo((one, other) -> one.charAt(0) - other.charAt(0));
    assertThat(summary(batch).searchLines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("a: concurrency "),
            line -> assertThat(line).startsWith("b: concurrency "));
  }

  @Test
  void endsASearchWithoutAnAnswerAndGoesOnWithTheNext() throws Exception {
    // given
    Batch batch = daemon.take(TWO);
    step(daemon, load -> 100);
    // when
    daemon.end(daemon.release().get(0), Outcome.UNHEALTHY);
    List<String> names = runToTheEnd(daemon, load -> 9_000);
    // then
    assertThat(names)
        .containsExactly(
            "concurrency1_prompt_input_tokens_mean200",
            "concurrency1_prompt_input_tokens_mean200__r2");
    assertThat(summary(batch).search().orElseThrow().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(
                        "prompt_input_tokens_mean 100: no answer at concurrency 2: reason;"),
            line ->
                assertThat(line)
                    .startsWith(
                        "prompt_input_tokens_mean 200: concurrency 1, the lowest, does not meet"
                            + " TTFT p99 ≤ 500 ms ("));
    assertThat(summary(batch).search().orElseThrow().brief()).isEqualTo("concurrency ?, none");
  }

  @Test
  void goesOnWithTheNextSearchAfterACancelledRun() throws Exception {
    // given
    Batch batch = daemon.take(TWO);
    step(daemon, load -> 100);
    // when
    daemon.end(daemon.release().get(0), Outcome.CANCELLED);
    runToTheEnd(daemon, load -> 9_000);
    // then
    assertThat(summary(batch).search().orElseThrow().answers())
        .extracting(SearchSummary.Answer::why)
        .containsExactly("cancelled", "none_holds");
    assertThat(summary(batch).search().orElseThrow().brief()).isEqualTo("concurrency 1?, none");
    // when: the run is made after all
    daemon.handle(request(Action.RETRY, batch, named(batch, CANCELLED)));
    runToTheEnd(daemon, load -> load > 3 ? 9_000 : 100);
    // then
    assertThat(summary(batch).search().orElseThrow().brief()).isEqualTo("concurrency 3, none");
  }

  @Test
  void goesOnWithTheNextSearchAfterAResultThatCannotBeRead() throws Exception {
    // given
    Batch batch = daemon.take(TWO);
    RunOrder order = daemon.release().get(0);
    // when
    daemon.endUnreadably(order);
    String next = step(daemon, load -> 100);
    daemon.refresh();
    // then
    assertThat(next).isEqualTo("concurrency1_prompt_input_tokens_mean200");
    assertThat(answer(batch).why()).isEqualTo("no_answer");
    assertThat(answer(batch).text())
        .endsWith("no answer at concurrency 1: its result could not be written or read");
  }

  @Test
  void failsForASearchBeyondThoseThatAreListed() throws Exception {
    // given
    String lengths =
        IntStream.rangeClosed(1, 101).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    Batch batch = daemon.take(CONFIG.replace("512", "2") + "sweeps: {isl: [" + lengths + "]}\n");
    // when
    for (List<RunOrder> now = daemon.release(); !now.isEmpty(); now = daemon.release()) {
      Run run = run(daemon, now.get(0));
      measure(run, 900);
      boolean isLast = run.sweepValues().get("prompt_input_tokens_mean").equals(101L);
      daemon.end(now.get(0), isLast ? Outcome.UNHEALTHY : Outcome.SUCCEEDED);
    }
    // then
    SearchSummary search = summary(batch).search().orElseThrow();
    assertThat(search.answers())
        .hasSize(100)
        .allSatisfy(each -> assertThat(each.why()).isEqualTo("none_holds"));
    assertThat(search.unanswered())
        .hasValue("prompt_input_tokens_mean 101: no answer at concurrency 1: reason");
    assertThat(FailOn.FAILED.isFailure(summary(batch))).isTrue();
  }
}
