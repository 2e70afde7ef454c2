package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport.Kind;
import org.junit.jupiter.api.Test;

/** How a run ends when aiperf, or Caravan itself, fails. */
class FailedRunsTest extends RunStageTestBase {

  @Test
  void writesTheFailureOfARunAsItsResult() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {model: [fake-exit-3]}\n").run(0);
    // when
    RunReport first = stage.execute(run);
    RunReport second = stage.execute(run);
    // then
    assertThat(first.kind()).isEqualTo(Kind.RETRY);
    assertThat(second.kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(run).attempt()).isEqualTo(2);
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.FAILED);
    assertThat(RunStageFixture.head(run).isFinal()).isTrue();
    assertThat(RunStageFixture.head(run).reasons().get(0)).contains("exited 3");
  }

  @Test
  void reportsThatAiperfIsMissing() throws Exception {
    // given
    try (RunStageFixture bare = RunStageFixture.withoutAiperf(folder)) {
      Run run = bare.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
      // when
      RunReport report = bare.execute(run);
      // then
      assertThat(report.kind()).isEqualTo(Kind.RETRY);
      assertThat(RunStageFixture.head(run).cause()).isEqualTo("start_failed");
      assertThat(RunStageFixture.head(run).reasons().get(0)).contains("nowhere/aiperf");
    }
  }

  @Test
  void recordsAnInternalErrorAsTheResultOfTheRun() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    // when
    RunReport report =
        stage.runs.internalError(RunStageFixture.order(run), new IllegalStateException("a bug"));
    // then
    assertThat(report.kind()).isEqualTo(Kind.ENDED);
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.FAILED);
    assertThat(RunStageFixture.head(run).cause()).isEqualTo("internal_error");
    assertThat(RunStageFixture.head(run).reasons().get(0)).contains("a bug");
    assertThat(RunStageFixture.head(run).isFinal()).isTrue();
  }

  @Test
  void recordsAnErrorOfTheStackAsInternal() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    // when
    RunReport json =
        stage.runs.internalError(
            RunStageFixture.order(run),
            new RuntimeException("a route", new StackOverflowError("deep")));
    // then
    assertThat(json.cause()).isEqualTo("internal_error");
    assertThat(RunStageFixture.head(run).reasons().get(0)).contains("StackOverflowError: deep");
  }

  @Test
  void keepsTheResultWhenAnInternalErrorFollows() throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n").run(0);
    stage.execute(run);
    // when
    RunReport report =
        stage.runs.internalError(RunStageFixture.order(run), new IllegalStateException("a bug"));
    // then
    assertThat(report)
        .isEqualTo(RunReport.ended(RunStageFixture.order(run), RunStageFixture.head(run)));
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(run.folder().resolve("attempts")).doesNotExist();
  }
}
