package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.CheckRules;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedJudgmentTest {

  private static final Judgment SUCCEEDED = Judgments.succeeded(List.of());

  @TempDir Path folder;

  private static CheckResults found(Finding... findings) {
    return new CheckResults(List.of(findings), List.of("load"), Map.of(), Map.of());
  }

  private static Finding finding(String id, Level level) {
    return new Finding(id, level, 1, 2, id + " is off", "");
  }

  @Test
  void notesAndWarningsLeaveTheOutcome() {
    // when
    CheckedJudgment checked =
        CheckedJudgment.of(
            SUCCEEDED, found(finding("cache", Level.WARNING), finding("samples", Level.NOTE)));

    // then
    assertThat(checked.judgment()).isEqualTo(SUCCEEDED);
    assertThat(checked.checks().findings()).hasSize(2);
  }

  @Test
  void aDisturbedRunIsDegraded() {
    // when
    Judgment judgment =
        CheckedJudgment.of(SUCCEEDED, found(finding("stall", Level.DEGRADED))).judgment();

    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.DEGRADED);
    assertThat(judgment.cause()).isEmpty();
    assertThat(judgment.reasons()).containsExactly("stall: stall is off");
  }

  @Test
  void whatTheJudgeSaysIsNotSaidTwice() {
    // given
    Judgment judged = Judgments.degraded(List.of("1 of 100 requests failed (1.0 %)"));

    // when
    Judgment judgment =
        CheckedJudgment.of(judged, found(finding("errors", Level.DEGRADED))).judgment();

    // then
    assertThat(judgment).isEqualTo(judged);
  }

  @Test
  void aNumberThatMeansNothingIsInvalidWithTheCheckAsItsCause() {
    // when
    Judgment judgment =
        CheckedJudgment.of(
                SUCCEEDED,
                found(finding("replies", Level.INVALID), finding("client", Level.DEGRADED)))
            .judgment();

    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.INVALID);
    assertThat(judgment.cause()).isEqualTo("replies");
    assertThat(judgment.reasons())
        .containsExactly("replies: replies is off", "client: client is off");
  }

  @Test
  void onlyAttemptsThatCompletedAreChecked() throws IOException {
    // given
    RecordedRun run = RecordedRun.of("blocked", folder);
    Judgment failed = Judgments.failed(Cause.CRASHED, List.of("aiperf was killed"));
    RunFolder runFolder = new RunFolder(folder);

    // then
    assertThat(
            CheckedJudgment.of(failed, runFolder, run.parameters(), CheckRules.DEFAULTS, Map.of()))
        .isEqualTo(new CheckedJudgment(failed, CheckResults.NONE));
    assertThat(
            CheckedJudgment.of(
                SUCCEEDED, runFolder, run.parameters(), CheckRules.DEFAULTS, Map.of()))
        .extracting(checked -> checked.judgment().cause())
        .isEqualTo("replies");
  }
}
