package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ReturnCodes;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which invalid runs are tried again. */
class RetryPolicyTest extends RunStageTestBase {

  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-28T14:02:54+01:00");
  private static final String SWEEP = "sweeps: {concurrency: [1, 2, 3, 4]}\n";

  private RetryPolicy policy;

  @BeforeEach
  void begin() throws IOException {
    policy =
        new RetryPolicy(
            new AttemptArchive(stage.scratch.files), new ControlStore(stage.scratch.files), 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clock", "stall", "service"})
  void triesADisturbedRunOnceMore(String cause) throws Exception {
    // given
    Run run = stage.accept("retry: {attempts: 5}\n" + RunStageFixture.BASE).run(0);
    // when / then
    assertThat(policy.delayAfter(run, invalid(cause), 1)).contains(Duration.ofSeconds(10));
    ended(run, 1, cause);
    assertThat(policy.delayAfter(run, invalid(cause), 2)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"replies", "errors", "load", "unanswered"})
  void triesNoRunAgainForAnotherFinding(String cause) throws Exception {
    // given
    Run run = stage.accept(RunStageFixture.BASE).run(0);
    // when / then
    assertThat(policy.delayAfter(run, invalid(cause), 1)).isEmpty();
  }

  @Test
  void triesNoDisturbedRunAgainIfTheConfigSaysSo() throws Exception {
    // given
    Run run = stage.accept("retry: {on: [crashed]}\n" + RunStageFixture.BASE).run(0);
    // when / then
    assertThat(policy.delayAfter(run, invalid("stall"), 1)).isEmpty();
  }

  @Test
  void triesNoneAgainWhenSecondAttemptsOfTwoRunsWereDisturbedAlike() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE + SWEEP);
    // when
    disturbedTwice(batch.run(0));
    assertThat(policy.delayAfter(batch.run(1), invalid("stall"), 1)).isPresent();
    disturbedTwice(batch.run(1));
    // then
    assertThat(policy.delayAfter(batch.run(2), invalid("stall"), 1)).isEmpty();
    assertThat(policy.delayAfter(batch.run(2), invalid("clock"), 1)).isPresent();
    Batch another = stage.accept(RunStageFixture.BASE + SWEEP);
    assertThat(policy.delayAfter(another.run(0), invalid("stall"), 1)).isPresent();
  }

  private void disturbedTwice(Run run) throws IOException {
    policy.delayAfter(run, invalid("stall"), 1);
    ended(run, 1, "stall");
    policy.delayAfter(run, invalid("stall"), 2);
  }

  private static Judgment invalid(String cause) {
    return new Judgment(Outcome.INVALID, cause, List.of(cause + ": a message"));
  }

  /** Writes the result of an attempt where it is set aside. */
  private void ended(Run run, int attempt, String cause) throws IOException {
    Head head =
        new Head(
            Outcome.INVALID,
            cause,
            List.of(),
            attempt,
            false,
            Optional.empty(),
            NOW,
            NOW,
            Duration.ZERO,
            "0.13.0");
    Path aside = run.folder().resolve(RunFolder.ATTEMPTS).resolve(String.valueOf(attempt));
    Files.createDirectories(aside);
    new ResultWriter(stage.scratch.files::writeWhole)
        .write(
            new RunFolder(aside),
            new ProcessResult(head, List.of(), List.of(), ReturnCodes.NONE, "", ""));
  }
}
