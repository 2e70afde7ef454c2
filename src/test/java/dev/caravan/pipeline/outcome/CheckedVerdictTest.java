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

class CheckedVerdictTest {

  private static final Verdict SUCCEEDED = Verdicts.succeeded(List.of());

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
    CheckedVerdict checked =
        CheckedVerdict.of(
            SUCCEEDED, found(finding("cache", Level.WARNING), finding("samples", Level.NOTE)));

    // then
    assertThat(checked.verdict()).isEqualTo(SUCCEEDED);
    assertThat(checked.checks().findings()).hasSize(2);
  }

  @Test
  void aDisturbedRunIsDegraded() {
    // when
    Verdict verdict =
        CheckedVerdict.of(SUCCEEDED, found(finding("stall", Level.DEGRADED))).verdict();

    // then
    assertThat(verdict.outcome()).isEqualTo(Outcome.DEGRADED);
    assertThat(verdict.cause()).isEmpty();
    assertThat(verdict.reasons()).containsExactly("stall: stall is off");
  }

  @Test
  void whatTheJudgeSaysIsNotSaidTwice() {
    // given
    Verdict judged = Verdicts.degraded(List.of("1 of 100 requests failed (1.0 %)"));

    // when
    Verdict verdict = CheckedVerdict.of(judged, found(finding("errors", Level.DEGRADED))).verdict();

    // then
    assertThat(verdict).isEqualTo(judged);
  }

  @Test
  void aNumberThatMeansNothingIsInvalidWithTheCheckAsItsCause() {
    // when
    Verdict verdict =
        CheckedVerdict.of(
                SUCCEEDED,
                found(finding("replies", Level.INVALID), finding("client", Level.DEGRADED)))
            .verdict();

    // then
    assertThat(verdict.outcome()).isEqualTo(Outcome.INVALID);
    assertThat(verdict.cause()).isEqualTo("replies");
    assertThat(verdict.reasons())
        .containsExactly("replies: replies is off", "client: client is off");
  }

  @Test
  void onlyAttemptsThatCompletedAreChecked() throws IOException {
    // given
    RecordedRun run = RecordedRun.of("blocked", folder);
    Verdict failed = Verdicts.failed(Cause.CRASHED, List.of("aiperf was killed"));
    RunFolder runFolder = new RunFolder(folder);

    // then
    assertThat(
            CheckedVerdict.of(failed, runFolder, run.parameters(), CheckRules.DEFAULTS, Map.of()))
        .isEqualTo(new CheckedVerdict(failed, CheckResults.NONE));
    assertThat(
            CheckedVerdict.of(
                SUCCEEDED, runFolder, run.parameters(), CheckRules.DEFAULTS, Map.of()))
        .extracting(checked -> checked.verdict().cause())
        .isEqualTo("replies");
  }
}
