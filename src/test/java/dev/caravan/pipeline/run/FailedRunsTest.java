package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void countsTheLostAttemptsOfARunApartFromThoseOfOneWithTheSameId() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + "sweeps: {concurrency: [1]}\n");
    Path other = stage.scratch.home.root().resolve("r2").resolve(batch.id());
    Files.createDirectories(other);
    for (String name : names(batch.folder())) {
      Files.copy(batch.folder().resolve(name), other.resolve(name));
    }
    Run namesake = stage.scratch.batches.load(other).run(0);
    IOException full = new IOException("No space left on device");
    for (int n = 1; n < 5; n++) {
      stage.runs.internalError(RunStageFixture.order(batch.run(0)), full);
    }
    // when
    RunReport first = stage.runs.internalError(RunStageFixture.order(namesake), full);
    RunReport fifth = stage.runs.internalError(RunStageFixture.order(batch.run(0)), full);
    // then
    assertThat(first.kind()).isNotEqualTo(Kind.ENDED);
    assertThat(fifth.kind()).isEqualTo(Kind.ENDED);
    assertThat(fifth.cause()).isEqualTo("lost");
  }
}
