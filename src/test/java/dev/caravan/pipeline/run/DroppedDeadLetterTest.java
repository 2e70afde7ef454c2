package dev.caravan.pipeline.run;

import static dev.caravan.pipeline.run.DeadLetters.BAD;
import static dev.caravan.pipeline.run.DeadLetters.ONCE;
import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.FixedRules;
import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A dead letter in the inbox repeats its run, or becomes a batch of its own once that is not what
 * it describes.
 */
class DroppedDeadLetterTest extends RunStageTestBase {

  @Test
  void repeatsOnlyThatRunInTheSameFolder() throws Exception {
    // given
    Batch batch = stage.accept(ONCE + RunStageFixture.BASE + BAD);
    assertThat(stage.execute(batch.run(1)).kind()).isEqualTo(Kind.ENDED);
    String deadLetter = DeadLetters.only(stage, batch, 1);
    // when
    AcceptedBatch again = DeadLetters.drop(stage, deadLetter);
    // then
    assertThat(again.batch().folder()).isEqualTo(batch.folder());
    assertThat(again.rerunIndex()).hasValue(1);
    assertThat(names(batch.folder().getParent())).hasSize(1);
  }

  @Test
  void becomesANewBatchWhenTheOldOneIsGone() throws Exception {
    // given
    Batch batch = stage.accept(ONCE + RunStageFixture.BASE + BAD);
    stage.execute(batch.run(1));
    String deadLetter = DeadLetters.only(stage, batch, 1);
    stage.scratch.files.delete(batch.folder());
    // when
    AcceptedBatch again = DeadLetters.drop(stage, deadLetter);
    // then
    assertThat(again.rerunIndex()).isEmpty();
    assertThat(again.batch().size()).isEqualTo(1);
    assertThat(again.batch().run(0).parameters()).isEqualTo(batch.run(1).parameters());
    assertThat(stage.execute(again.batch().run(0)).failed()).isTrue();
  }

  @Test
  void becomesANewBatchWhenItWasEdited() throws Exception {
    // given
    Batch batch = stage.accept(ONCE + RunStageFixture.BASE + BAD);
    stage.execute(batch.run(1));
    // when
    AcceptedBatch again =
        DeadLetters.drop(
            stage, DeadLetters.only(stage, batch, 1).replace("fake-exit-3", "fake-ok"));
    // then
    assertThat(again.rerunIndex()).isEmpty();
    assertThat(again.batch().folder()).isNotEqualTo(batch.folder());
    assertThat(again.batch().run(0).parameters().model()).isEqualTo("fake-ok");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cool_down: 1s              | cool_down: 2s
          priority: 4                | priority: 5
          request_latency_ms_p99: 5  | request_latency_ms_p99: 6
          ttft_ms_p99: 7             | ttft_ms_p99: 8
          last: 5                    | last: 6
          on: [crashed]              | on: [timed_out]
          start_up: 7m               | start_up: 8m
          """)
  void describesItsRunUntilAnySectionIsEdited(String given, String edited) throws Exception {
    // given
    String sections =
        """
        cool_down: 1s
        priority: 4
        slo: {request_latency_ms_p99: 5, ttft_ms_p99: 7}
        compare: {last: 5}
        retry: {attempts: 1, on: [crashed]}
        limits: {start_up: 7m}
        """;
    String runs =
        "points: [{model: fake-ok, streaming: true}, {model: fake-exit-3, streaming: false}]\n";
    Batch batch = stage.accept(sections + RunStageFixture.BASE + runs);
    stage.execute(batch.run(1));
    String deadLetter = DeadLetters.only(stage, batch, 1);

    // when / then
    assertThat(DeadLetters.drop(stage, deadLetter).rerunIndex()).hasValue(1);
    assertThat(dropEdited(deadLetter, given, edited).rerunIndex()).isEmpty();
  }

  /** Keys and values may be in quotes. */
  private AcceptedBatch dropEdited(String deadLetter, String given, String edited)
      throws Exception {
    String plain =
        deadLetter.replaceAll("(?m)^\"(\\w+)\":", "$1:").replaceAll("\"(on|\\w+_p99)\":", "$1:");
    assertThat(plain).contains(given);
    return DeadLetters.drop(stage, plain.replace(given, edited));
  }

  @Test
  void hasNoComparisonOfVariants() throws Exception {
    // given
    Batch batch =
        stage.accept(
            ONCE
                + RunStageFixture.BASE
                + "compare: {variant: a}\nvariants: {a: , b: {model: fake-exit-3}}\n");
    stage.execute(batch.run(1));

    // when
    AcceptedBatch again = DeadLetters.drop(stage, DeadLetters.only(stage, batch, 1));

    // then
    assertThat(again.rerunIndex()).hasValue(1);
  }

  @Test
  void repeatsARunWithWhatWasSetOverTheConfig() throws Exception {
    // given
    String overrides =
        "# caravan-overrides: [\"--label a=b\", \"--set limits.start_up=7m\","
            + " \"--set retry={attempts: 1, on: [crashed]}\", \"--set sweeps.model=[fake-exit-3]\"]\n";
    Batch batch =
        stage.accept(
            overrides + "limits: {export: 5m, start_up: 1m}\n" + RunStageFixture.BASE + BAD);
    stage.execute(batch.run(0));
    // when
    String deadLetter = DeadLetters.only(stage, batch, 0);
    AcceptedBatch again = DeadLetters.drop(stage, deadLetter);
    BenchmarkConfig read = FixedRules.read(RerunConfig.yaml(batch.run(0)));
    // then
    assertThat(again.rerunIndex()).hasValue(0);
    assertThat(read.base()).isEqualTo(batch.run(0).parameters());
    assertThat(read.limits()).isEqualTo(batch.config().limits());
    assertThat(read.limits()).isNotEqualTo(FixedRules.read(FixedRules.BASE).limits());
    assertThat(
            DeadLetters.drop(stage, "# caravan-overrides: [\"--label a=c\"]\n" + deadLetter)
                .rerunIndex())
        .as("a label that a run of that batch cannot have")
        .isEmpty();
  }

  @Test
  void givesARunThatWasLostTooOftenNewAttempts() throws Exception {
    // given
    Batch batch = stage.accept(RunStageFixture.BASE);
    for (int n = 0; n < 5; n++) {
      Files.writeString(batch.folder().resolve("stdout.log"), "cut off");
      stage.scratch.runFolders().setAside(batch.run(0));
    }
    assertThat(stage.execute(batch.run(0)).cause()).isEqualTo("lost");
    assertThat(RunStageFixture.head(batch.run(0)).reasons())
        .containsExactly(
            "lost 5 times in a row; last reason: Caravan stopped while this attempt was running");
    // when
    ControlStore controls = new ControlStore(stage.scratch.files);
    controls.write(
        batch,
        controls
            .of(batch)
            .withReruns(
                Map.of(0, RunStageFixture.head(batch.run(0)).attempt()),
                new Control.Order("ann", "", "1")));
    new AttemptArchive(stage.scratch.files).setAside(batch.run(0));
    // then
    assertThat(stage.execute(batch.run(0)).outcome()).isEqualTo("succeeded");
  }

  @Test
  void isDeletedWhenTheRunSucceedsLater() throws Exception {
    // given
    Batch batch = stage.accept(ONCE + RunStageFixture.BASE + BAD);
    stage.execute(batch.run(1));
    Path bin = folder.resolve("bin");
    Files.writeString(bin.resolve("behaviour"), "fake-ok\n");
    // when
    new AttemptArchive(stage.scratch.files).setAside(batch.run(1));
    stage.execute(batch.run(1));
    // then
    assertThat(RunStageFixture.head(batch.run(1)).attempt()).isEqualTo(2);
    assertThat(names(stage.scratch.home.dead())).isEmpty();
  }

  @Test
  void worksForTheLongestNames() throws Exception {
    // given
    Batch batch =
        stage.accept("batch_name: " + "n".repeat(200) + "\n" + ONCE + RunStageFixture.BASE + BAD);
    // when
    RunReport report = stage.execute(batch.run(1));
    // then
    assertThat(report.kind()).isEqualTo(Kind.ENDED);
    assertThat(DeadLetters.drop(stage, DeadLetters.only(stage, batch, 1)).rerunIndex()).hasValue(1);
  }
}
