package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.SearchSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search from its config to its answer, over the files of a home. */
class SearchTest {

  private static final String CONFIG =
      """
      base_config:
        model: m
        url: http://h:8000
        streaming: true
        warmup_request_count: 1
        benchmark_duration: 5
      slo: {ttft_ms_p99: 500}
      search: {concurrency: [1, 512]}
      """;

  private static final String CANCELLED = "concurrency2_prompt_input_tokens_mean100";

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  /** A service that keeps 500 ms up to this load; each run has its own noise. */
  private static LongToDoubleFunction service(double limit) {
    return load -> 500 * Math.max(0.2, Math.pow(load / limit, 6));
  }

  private double noise(Run run) {
    return Math.exp(0.15 * new Random(run.index()).nextGaussian());
  }

  private long load(Run run) {
    return (Long) run.sweepValues().get("concurrency");
  }

  private Run run(RunOrder order) throws IOException {
    return daemon.scratch.batches.load(Path.of(order.batchFolder())).run(order.runIndex());
  }

  /** Ends the next run with a value; its folder name. */
  private String step(LongToDoubleFunction service) throws IOException {
    RunOrder order = daemon.release().get(0);
    end(order, service);
    return run(order).folderName();
  }

  private void end(RunOrder order, LongToDoubleFunction service) throws IOException {
    Run run = run(order);
    measure(run, service.applyAsDouble(load(run)) * noise(run));
    daemon.end(order, Outcome.SUCCEEDED);
  }

  private static void measure(Run run, double value) throws IOException {
    Files.createDirectories(run.folder());
    Files.writeString(
        run.folder().resolve("profile_export_aiperf.json"),
        "{\"request_count\": {\"unit\": \"requests\", \"avg\": 100},"
            + " \"time_to_first_token\": {\"unit\": \"ms\", \"p99\": "
            + value
            + "}}");
  }

  private List<String> runToTheEnd(LongToDoubleFunction service) throws IOException {
    List<String> names = new ArrayList<>();
    for (List<RunOrder> now = daemon.release(); !now.isEmpty(); now = daemon.release()) {
      assertThat(now).as("one run at a time").hasSize(1);
      end(now.get(0), service);
      names.add(run(now.get(0)).folderName());
    }
    return names;
  }

  private static SearchSummary.Answer answer(Batch batch) {
    return TestDaemon.summary(batch).search().orElseThrow().answers().get(0);
  }

  @Test
  void answersInWordsWithTheNumbers() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    // when
    List<String> names = runToTheEnd(service(46.5));
    // then
    assertThat(names).startsWith("concurrency1", "concurrency2", "concurrency4");
    assertThat(names).hasSizeLessThanOrEqualTo(37).doesNotHaveDuplicates();
    assertThat(TestDaemon.summary(batch).total()).isEqualTo(names.size());
    assertThat(TestDaemon.summary(batch).finishedAt()).isPresent();
    SearchSummary search = TestDaemon.summary(batch).search().orElseThrow();
    assertThat(search.most()).isEqualTo(37);
    assertThat(search.notNeeded()).isEqualTo(37 - names.size());
    assertThat((Integer) answer(batch).keeps().orElseThrow()).isBetween(44, 48);
    assertThat(answer(batch).why()).isEqualTo("precision");
    assertThat(answer(batch).text())
        .matches(
            "concurrency 4\\d keeps TTFT p99 ≤ 500 ms \\(\\d+ ms \\[\\d+, \\d+\\], \\d runs\\);"
                + " 4\\d does not \\(\\d+ ms \\[\\d+, \\d+\\], \\d runs\\)");
    assertThat(search.brief()).isEqualTo("concurrency " + answer(batch).keeps().orElseThrow());
  }

  @Test
  void givesTheSameAnswerAfterAKillAtEachStep() throws Exception {
    // given
    Path undisturbed = Files.createDirectory(folder.resolve("undisturbed"));
    TestDaemon other = daemon;
    daemon = TestDaemon.in(undisturbed);
    Batch expected = daemon.take(CONFIG);
    List<String> names = runToTheEnd(service(100.5));
    daemon = other;
    Batch batch = daemon.take(CONFIG);
    // when
    List<String> afterKills = new ArrayList<>();
    for (int at = 0; at < names.size(); at++) {
      RunOrder lost = daemon.release().get(0);
      Files.createDirectories(run(lost).folder());
      daemon = TestDaemon.in(folder); // killed in a run
      RunOrder again = daemon.release().get(0);
      assertThat(again.runIndex()).isEqualTo(lost.runIndex());
      end(again, service(100.5));
      afterKills.add(run(again).folderName());
      daemon = TestDaemon.in(folder); // killed after it
    }
    // then
    assertThat(afterKills).isEqualTo(names);
    assertThat(daemon.release()).isEmpty();
    daemon.refresh();
    assertThat(answer(batch)).isEqualTo(answer(expected));
    assertThat(TestDaemon.summary(batch).finishedAt()).isPresent();
  }

  @Test
  void judgesARepeatedRunAnewAndGoesOnFromThere() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    List<String> names = runToTheEnd(service(46.5));
    int keeps = (Integer) answer(batch).keeps().orElseThrow();
    Run first = named(batch, "concurrency" + keeps);
    // when
    daemon.handle(TestDaemon.request(Action.RETRY, batch).forRuns(List.of(first.index()), true));
    RunOrder again = daemon.release().get(0);
    measure(first, 5_000);
    daemon.end(again, Outcome.SUCCEEDED);
    List<String> more = runToTheEnd(service(46.5));
    // then
    assertThat(again.runIndex()).isEqualTo(first.index());
    assertThat(more).doesNotContainAnyElementsOf(names);
    assertThat(TestDaemon.summary(batch).finishedAt()).isPresent();
    assertThat(TestDaemon.summary(batch).total()).isEqualTo(names.size() + more.size());
    assertThat((Integer) answer(batch).keeps().orElseThrow()).isBetween(40, keeps);
  }

  @Test
  void neitherCancelsNorRepeatsARunThatItDidNotMake() throws Exception {
    // given: it is over, without 3
    Batch batch = daemon.take(CONFIG);
    runToTheEnd(service(46.5));
    Run unmade = named(batch, "concurrency3");
    OffsetDateTime end = TestDaemon.summary(batch).finishedAt().orElseThrow();
    // when
    Optional<String> cancelled = daemon.handle(request(Action.CANCEL, batch, unmade));
    Optional<String> repeated = daemon.handle(request(Action.RETRY, batch, unmade));
    // then
    assertThat(cancelled.orElseThrow()).contains(batch.id() + " is finished");
    assertThat(repeated.orElseThrow()).contains("concurrency3 of", "has not ended yet");
    assertThat(daemon.release()).isEmpty();
    assertThat(TestDaemon.summary(batch).finishedAt()).hasValue(end);
  }

  @Test
  void doesNotRepeatARunThatWasCancelledBeforeItWasMade() throws Exception {
    // given: the search is on its way, and may come to 3
    Batch batch = daemon.take(CONFIG);
    step(service(46.5));
    Run unmade = named(batch, "concurrency3");
    // when
    Optional<String> cancelled = daemon.handle(request(Action.CANCEL, batch, unmade));
    Optional<String> repeated = daemon.handle(request(Action.RETRY, batch, unmade));
    // then
    assertThat(cancelled).isEmpty();
    assertThat(repeated.orElseThrow()).contains("concurrency3 of", "has not ended yet");
    assertThat(step(service(46.5))).isEqualTo("concurrency2");
  }

  private static ControlRequest request(Action action, Batch batch, Run run) {
    return TestDaemon.request(action, batch).forRuns(List.of(run.index()), true);
  }

  private static Run named(Batch batch, String folder) {
    return batch
        .indexes()
        .mapToObj(batch::run)
        .filter(run -> run.folderName().equals(folder))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void resumesARunThatWasToBeRepeatedWhenItWasKilled() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    runToTheEnd(service(46.5));
    // when
    daemon.handle(TestDaemon.request(Action.RETRY, batch).forRuns(List.of(0), true));
    daemon = TestDaemon.in(folder);
    List<String> names = runToTheEnd(service(46.5));
    // then
    assertThat(names).startsWith("concurrency1");
    assertThat(TestDaemon.summary(batch).finishedAt()).isPresent();
  }

  @Test
  void endsWhenItIsCancelledAndSaysWhatIsKnown() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    for (int at = 0; at < 9; at++) {
      step(service(46.5));
    }
    // when
    daemon.handle(TestDaemon.request(Action.CANCEL, batch));
    List<RunOrder> released = daemon.release();
    daemon.refresh();
    // then
    assertThat(released).isEmpty();
    assertThat(TestDaemon.summary(batch).finishedAt()).isPresent();
    assertThat(TestDaemon.summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(1);
    assertThat(answer(batch).why()).isEqualTo("cancelled");
    assertThat(answer(batch).text())
        .startsWith(
            "cancelled (by ann: no time) after 9 of at most 37 runs; so far concurrency 32 keeps");
    SearchSummary search = TestDaemon.summary(batch).search().orElseThrow();
    assertThat(search.brief()).isEqualTo("concurrency 32? (cancelled)");
    assertThat(search.underway()).isEmpty();
    assertThat(search.unanswered()).hasValue(answer(batch).text());
  }

  @Test
  void saysWhichLimitCancelledIt() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG + "limits: {max_failures: 2}\n");
    step(load -> 100);
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
                + " so far concurrency 1 keeps TTFT");
    assertThat(TestDaemon.summary(batch).search().orElseThrow().unanswered())
        .hasValue(answer(batch).text());
  }

  @Test
  void keepsWhatIsKnownWhenItIsCancelledInARun() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    for (int at = 0; at < 9; at++) {
      step(service(46.5));
    }
    RunOrder running = daemon.release().get(0);
    // when
    daemon.handle(TestDaemon.request(Action.CANCEL, batch));
    daemon.end(running, Outcome.CANCELLED);
    List<RunOrder> released = daemon.release();
    daemon.refresh();
    // then
    assertThat(released).isEmpty();
    assertThat(TestDaemon.summary(batch).finishedAt()).isPresent();
    assertThat(TestDaemon.summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(1);
    assertThat(answer(batch).why()).isEqualTo("cancelled");
    assertThat(answer(batch).text())
        .matches("cancelled at concurrency \\d+: reason; so far concurrency 32 keeps TTFT .*");
    SearchSummary search = TestDaemon.summary(batch).search().orElseThrow();
    assertThat(search.brief()).isEqualTo("concurrency 32?");
    assertThat(search.unanswered()).hasValue(answer(batch).text());
    assertThat(FailOn.FAILED.isFailure(TestDaemon.summary(batch))).isTrue();
  }

  @Test
  void goesOnWithTheNextSearchAfterACancelledRun() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG + "sweeps: {isl: [100, 200]}\n");
    step(load -> 100);
    // when
    daemon.end(daemon.release().get(0), Outcome.CANCELLED);
    runToTheEnd(load -> 9_000);
    // then
    assertThat(TestDaemon.summary(batch).search().orElseThrow().answers())
        .extracting(SearchSummary.Answer::why)
        .containsExactly("cancelled", "none_holds");
    assertThat(TestDaemon.summary(batch).search().orElseThrow().brief())
        .isEqualTo("concurrency 1?, none");
    // when: the run is made after all
    daemon.handle(request(Action.RETRY, batch, named(batch, CANCELLED)));
    runToTheEnd(load -> load > 3 ? 9_000 : 100);
    // then
    assertThat(TestDaemon.summary(batch).search().orElseThrow().brief())
        .isEqualTo("concurrency 3, none");
  }

  @Test
  void goesOnWithTheNextSearchAfterAResultThatCannotBeRead() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG + "sweeps: {isl: [100, 200]}\n");
    RunOrder order = daemon.release().get(0);
    // when
    daemon.endUnreadably(order);
    String next = step(load -> 100);
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
      Run run = run(now.get(0));
      measure(run, 900);
      boolean isLast = run.sweepValues().get("prompt_input_tokens_mean").equals(101L);
      daemon.end(now.get(0), isLast ? Outcome.UNHEALTHY : Outcome.SUCCEEDED);
    }
    // then
    SearchSummary search = TestDaemon.summary(batch).search().orElseThrow();
    assertThat(search.answers())
        .hasSize(100)
        .allSatisfy(each -> assertThat(each.why()).isEqualTo("none_holds"));
    assertThat(search.unanswered())
        .hasValue("prompt_input_tokens_mean 101: no answer at concurrency 1: reason");
    assertThat(FailOn.FAILED.isFailure(TestDaemon.summary(batch))).isTrue();
  }

  @Test
  void searchesForEachVariantOneAfterTheOther() throws Exception {
    // given
    Batch batch =
        daemon.take(CONFIG + "variants: {a: {url: \"http://a\"}, b: {url: \"http://b\"}}\n");
    // when
    List<String> names = runToTheEnd(service(20.5));
    // then
    List<String> variants = names.stream().map(name -> name.substring(0, 1)).distinct().toList();
    assertThat(variants).containsExactly("a", "b");
    assertThat(names).isSortedAccordingTo((one, other) -> one.charAt(0) - other.charAt(0));
    assertThat(TestDaemon.summary(batch).searchLines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("a: concurrency "),
            line -> assertThat(line).startsWith("b: concurrency "));
  }

  @Test
  void tellsHowFarItIs() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    for (int at = 0; at < 3; at++) {
      step(service(46.5));
    }
    // when
    daemon.refresh();
    // then
    assertThat(TestDaemon.summary(batch).total()).isEqualTo(37);
    assertThat(TestDaemon.summary(batch).search().orElseThrow().underway())
        .matches(
            "searching, 3 of at most 37 runs; so far concurrency 4 keeps TTFT p99 ≤ 500 ms .*");
    assertThat(TestDaemon.summary(batch).search().orElseThrow().brief()).isEqualTo("concurrency …");
  }

  @Test
  void waitsDuringAPause() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    step(service(46.5));
    // when
    daemon.handle(TestDaemon.request(Action.PAUSE, batch));
    List<RunOrder> paused = daemon.release();
    daemon.handle(TestDaemon.request(Action.RESUME, batch));
    // then
    assertThat(paused).isEmpty();
    assertThat(step(service(46.5))).isEqualTo("concurrency2");
  }

  @Test
  void takesAServiceThatFailsUnderALoadForOneThatDoesNotKeepIt() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG);
    // when
    for (List<RunOrder> now = daemon.release(); !now.isEmpty(); now = daemon.release()) {
      if (load(run(now.get(0))) > 20) {
        daemon.end(now.get(0), Outcome.TIMED_OUT);
      } else {
        measure(run(now.get(0)), 100);
        daemon.end(now.get(0), Outcome.SUCCEEDED);
      }
    }
    // then
    assertThat(answer(batch).text())
        .isEqualTo(
            "concurrency 20 keeps TTFT p99 ≤ 500 ms (100 ms, 2 runs);"
                + " 21 does not (reason, 2 runs)");
  }

  @Test
  void endsASearchWithoutAnAnswerAndGoesOnWithTheNext() throws Exception {
    // given
    Batch batch = daemon.take(CONFIG + "sweeps: {isl: [100, 200]}\n");
    step(load -> 100);
    // when
    daemon.end(daemon.release().get(0), Outcome.UNHEALTHY);
    List<String> names = runToTheEnd(load -> 9_000);
    // then
    assertThat(names)
        .containsExactly(
            "concurrency1_prompt_input_tokens_mean200",
            "concurrency1_prompt_input_tokens_mean200__r2");
    assertThat(TestDaemon.summary(batch).search().orElseThrow().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(
                        "prompt_input_tokens_mean 100: no answer at concurrency 2: reason;"),
            line ->
                assertThat(line)
                    .startsWith(
                        "prompt_input_tokens_mean 200: concurrency 1, the lowest, does not keep"
                            + " TTFT p99 ≤ 500 ms ("));
    assertThat(TestDaemon.summary(batch).search().orElseThrow().brief())
        .isEqualTo("concurrency ?, none");
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
