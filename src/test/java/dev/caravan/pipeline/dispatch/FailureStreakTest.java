package dev.caravan.pipeline.dispatch;

import static dev.caravan.testing.InMemoryBatches.batch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Limits;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import org.junit.jupiter.api.Test;

/** Runs that failed before aiperf was started. */
class FailureStreakTest {

  @Test
  void cancelsTheRestAtTheFirstFailureThatConcernsTheWholeBatch() {
    assertThat(new FailureStreak(Limits.DEFAULTS).add(report(Scope.BATCH)))
        .contains("model_not_served: no such model");
  }

  @Test
  void neverCancelsTheRestForABadCombination() {
    // given
    FailureStreak streak = new FailureStreak(Limits.DEFAULTS);
    // then
    for (int i = 0; i < 10; i++) {
      assertThat(streak.add(report(Scope.COMBINATION))).isEmpty();
    }
  }

  @Test
  void ignoresBadCombinationsInTheStreak() {
    // given
    FailureStreak streak = new FailureStreak(Limits.DEFAULTS);
    streak.add(report(Scope.RUN));
    streak.add(report(Scope.COMBINATION));
    // then
    assertThat(streak.add(report(Scope.RUN)).orElseThrow()).startsWith("same cause twice");
  }

  @Test
  void readsAReportWithoutAScopeAsOneOnItsRunOnly() {
    String json = report(Scope.RUN).json().replaceFirst(",\\s*\"scope\"\\s*:\\s*\"RUN\"", "");
    assertThat(json).doesNotContain("scope");
    assertThat(RunReport.of(json)).isEqualTo(report(Scope.RUN));
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
