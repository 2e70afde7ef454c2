package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.storage.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When failed runs in a row end their batch. */
class FailureStreakTest {

  @Test
  void cancelsTheRestAtTheFirstFailureThatConcernsTheWholeBatch() {
    assertThat(streak("concurrency: [1, 2, 4]").add(report(Scope.BATCH)).map(CancelReason::text))
        .contains("model_not_served: no such model");
  }

  @Test
  void cancelsTheRestAlsoAfterARunThatWasCancelledAlone() {
    // given: a hook after the run failed
    String json = Json.text(report(Scope.BATCH)).replace("\"failed\"", "\"cancelled\"");
    RunReport cancelled = Json.read(json, RunReport.class);
    // then
    assertThat(cancelled.outcome()).isEqualTo("cancelled");
    assertThat(streak("concurrency: [1, 2, 4]").add(cancelled)).isPresent();
  }

  @Test
  void neverCancelsTheRestForABadCombination() {
    // given
    FailureStreak streak = streak("concurrency: [1, 2, 4]");
    // then
    for (int i = 0; i < 10; i++) {
      assertThat(streak.add(report(Scope.COMBINATION))).isEmpty();
    }
  }

  @Test
  void ignoresBadCombinationsInTheStreak() {
    // given
    FailureStreak streak = streak("concurrency: [1, 2, 4]");
    streak.add(report(Scope.RUN));
    streak.add(report(Scope.COMBINATION));
    // then
    assertThat(streak.add(report(Scope.RUN)).orElseThrow().why()).startsWith("same cause twice");
  }

  @Test
  void readsAReportWithoutAScopeAsOneOnItsRunOnly() {
    String json = Json.text(report(Scope.RUN)).replaceFirst(",\\s*\"scope\"\\s*:\\s*\"RUN\"", "");
    assertThat(json).doesNotContain("scope");
    assertThat(Json.read(json, RunReport.class)).isEqualTo(report(Scope.RUN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unauthorized | concurrency: [1, 2, 4]",
        "endpoint_not_found | request_rate: [1, 2, 4]",
        "tokenizer_unavailable | concurrency: [1, 2, 4]",
        "rejected_dataset | concurrency: [1, 2, 4]",
        "model_not_served | model: [only], concurrency: [1, 2, 4]"
      })
  void cancelsTheRestAfterTwoFailuresThatCannotDependOnTheSweep(String cause, String sweeps) {
    // given
    FailureStreak streak = streak(sweeps);
    // then
    assertThat(streak.add(failed(0, cause))).isEmpty();
    assertThat(streak.add(failed(1, cause)).orElseThrow().why())
        .startsWith("same cause twice: " + cause);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unauthorized | model: [a, b, c]",
        "endpoint_not_found | endpoint: [/a, /b, /c]",
        "tokenizer_unavailable | tokenizer: [a, b, c]",
        "rejected_dataset | endpoint_type: [chat, completions], concurrency: [1, 2]",
        "model_not_served | model: [a, b, c]"
      })
  void goesOnWhenTheCauseMayDependOnASweptKey(String cause, String sweeps) {
    // given
    FailureStreak streak = streak(sweeps);
    // then
    for (int run = 0; run < 3; run++) {
      assertThat(streak.add(failed(run, cause))).isEmpty();
    }
  }

  @Test
  void triesEveryOtherValueThoughItsLowestLoadIsExcluded() {
    // given
    FailureStreak streak =
        new FailureStreak(
            batch(
                "a",
                1,
                "model: [a, b], concurrency: [1, 2, 4, 8]",
                "exclude: [{model: b, concurrency: 1}]\n"),
            () -> false);
    // then: those of the first model
    for (int run = 0; run < 4; run++) {
      assertThat(streak.add(failed(run, "all_requests_failed"))).isEmpty();
    }
    assertThat(streak.add(failed(5, "all_requests_failed"))).isPresent();
  }

  @Test
  void triesEveryPointThatIsTheEasiestOfItsModel() {
    // given
    FailureStreak streak =
        new FailureStreak(
            batch(
                "a",
                1,
                "concurrency: [1, 2, 4, 8]",
                "points: [{model: a, isl: 1024}, {model: b, isl: 8192}]\n"),
            () -> false);
    // then
    for (int run = 0; run < 4; run++) {
      assertThat(streak.add(failed(run, "all_requests_failed"))).isEmpty();
    }
    assertThat(streak.add(failed(4, "all_requests_failed"))).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"unauthorized", "endpoint_not_found", "model_not_served"})
  void goesOnWhenTheCauseMayDependOnTheVariant(String cause) {
    // given
    FailureStreak streak =
        new FailureStreak(
            batch("a", 1, "concurrency: [1, 2, 4]", "variants: {a: , b: {url: \"http://y\"}}\n"),
            () -> false);
    // then
    for (int run = 0; run < 3; run++) {
      assertThat(streak.add(failed(run, cause))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"all_requests_failed", "rejected_config", "crashed", "incomplete_export"})
  void goesOnAfterTwoFailuresThatMayDependOnTheSweep(String cause) {
    // given: the first two prompts are too long, the others are not
    FailureStreak streak =
        streak("prompt_input_tokens_mean: [32000, 16000], concurrency: [1, 2, 4, 8]");
    // then
    for (int run = 0; run < 4; run++) {
      assertThat(streak.add(failed(run, cause))).isEmpty();
    }
    assertThat(streak.add(completed(4))).isEmpty();
    for (int run = 5; run < 8; run++) {
      assertThat(streak.add(failed(run, cause))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | concurrency: [1, 2, 4, 8, 16]",
        "3 | 'prompt_input_tokens_mean: [1000, 32000], concurrency: [1, 2, 4, 8]'",
        "3 | 'request_rate: [0.5, 2, inf], concurrency: [8, 16]'",
        "4 | 'streaming: [true, false], concurrency: [1, 2, 4, 8]'",
        "4 | 'concurrency: [16, 8, 4, 2, 1]'"
      })
  void cancelsTheRestWhenEvenTheEasiestRunsFail(int last, String sweeps) {
    // given
    FailureStreak streak = streak(sweeps);
    // when
    for (int run = 0; run < last; run++) {
      assertThat(streak.add(failed(run, "all_requests_failed"))).as("run %d", run).isEmpty();
    }
    // then
    assertThat(streak.add(failed(last, "all_requests_failed")).orElseThrow().why())
        .startsWith("same cause " + (last + 1) + " times: all_requests_failed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompt_input_tokens_mean: [32000, 16000, 8000, 4000, 2000, 1000]",
        "request_rate: [inf, 64, 32, 16, 8, 4]",
        "'prompt_output_tokens_mean: [8000, 100], concurrency: [8, 4, 2, 1]'",
        "benchmark_duration: [1, 2, 4, 8, 16, 32]",
        "model: [a, b, c, d, e, f]"
      })
  void goesOnWhileAnEasierRunOrAnotherValueRemains(String sweeps) {
    // given
    FailureStreak streak = streak(sweeps);
    // then
    int runs = batch("a", 1, sweeps).size();
    for (int run = 0; run < runs - 1; run++) {
      assertThat(streak.add(failed(run, "all_requests_failed"))).as("run %d", run).isEmpty();
    }
  }

  @Test
  void goesOnWhenARunSucceededBeforeARestart() {
    // given
    Batch batch = batch("a", 1, "concurrency: [1, 2, 4, 8, 16, 32]");
    FailureStreak streak = new FailureStreak(batch, () -> true);
    // then
    for (int run = 1; run < 6; run++) {
      assertThat(streak.add(failed(run, "all_requests_failed"))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"lost", "target_lost", "internal_error", "''"})
  void neverCancelsTheRestForAccidents(String cause) {
    // given
    FailureStreak streak = streak("concurrency: [1, 2, 4, 8, 16, 32]");
    // then
    for (int run = 0; run < 6; run++) {
      assertThat(streak.add(failed(run, cause))).isEmpty();
    }
  }

  private static FailureStreak streak(String sweeps) {
    return new FailureStreak(batch("a", 1, sweeps), () -> false);
  }

  private static RunReport failed(int run, String cause) {
    return ended(run, cause.isEmpty() ? "timed_out" : "failed", cause, Scope.RUN);
  }

  private static RunReport completed(int run) {
    return ended(run, "succeeded", "", Scope.RUN);
  }

  private static RunReport ended(int run, String outcome, String cause, Scope scope) {
    String folder = batch("a", 1, "concurrency: [1]").folder().toString();
    return new RunReport(
        1, "a/run" + run, folder, run, Kind.ENDED, "why", outcome, cause, 0, scope);
  }

  private static RunReport report(Scope scope) {
    String folder = batch("a", 1, "concurrency: [1]").folder().toString();
    return new RunReport(
        1,
        "a/concurrency1",
        folder,
        0,
        Kind.ENDED,
        "no such model",
        "failed",
        "model_not_served",
        0,
        scope);
  }
}
