package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.FixedRules;
import dev.caravan.config.Rerun;
import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ReturnCodes;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunDeadLettersTest extends RunStageTestBase {

  private static final String ONCE = "retry: {attempts: 1}\n";
  private static final String BAD = "sweeps: {model: [fake-ok, fake-exit-3]}\n";
  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-24T14:02:54+01:00");

  @Test
  void repeatsOnlyThatRunInTheSameFolder() throws Exception {
    // given
    Batch batch = stage.accept(ONCE + RunStageFixture.BASE + BAD);
    assertThat(stage.execute(batch.run(1)).kind()).isEqualTo(Kind.ENDED);
    String deadLetter = deadLetter(batch, 1);
    // when
    AcceptedBatch again = drop(deadLetter);
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
    String deadLetter = deadLetter(batch, 1);
    stage.scratch.files.delete(batch.folder());
    // when
    AcceptedBatch again = drop(deadLetter);
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
    AcceptedBatch again = drop(deadLetter(batch, 1).replace("fake-exit-3", "fake-ok"));
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
    String deadLetter = deadLetter(batch, 1);

    // when / then
    assertThat(drop(deadLetter).rerunIndex()).hasValue(1);
    assertThat(dropEdited(deadLetter, given, edited).rerunIndex()).isEmpty();
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
    AcceptedBatch again = drop(deadLetter(batch, 1));

    // then
    assertThat(again.rerunIndex()).hasValue(1);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "yes",
        "1e3",
        "0x1F",
        "010",
        "0_",
        "1:30",
        "~",
        "null",
        "2026-11-24",
        "=",
        "<<",
        "# no comment",
        "a: b",
        "a #b",
        "[x]",
        "{x: 1}",
        "'",
        "\"",
        "back\\slash",
        "ends:",
        "*alias",
        "&anchor",
        "!tag",
        "%x",
        "@x",
        "`x`",
        "ünïcode 日本 \uD83D\uDE00",
        "a---",
        "..."
      })
  void hasTheSameParametersWhenReadBack(String text) throws Exception {
    // given
    String quoted = "'" + text.replace("'", "''") + "'";
    Batch batch =
        stage.accept(
            FixedRules.BASE.replaceFirst("model: .*", "model: " + Matcher.quoteReplacement(quoted))
                + "labels: {note: "
                + quoted
                + "}\n"
                + "sweeps: {concurrency: [3, 4], streaming: [true, false]}\n");
    Run run = batch.run(2);
    assertThat(run.parameters().model()).isEqualTo(text);
    // when
    BenchmarkConfig again = FixedRules.read(RerunConfig.yaml(run));
    // then
    assertThat(again.base()).isEqualTo(run.parameters());
    assertThat(again.varied()).isEmpty();
    assertThat(again.labels()).isEqualTo(batch.config().labels());
    assertThat(again.rerun()).contains(new Rerun(batch.id(), 2));
  }

  @Test
  void keepsFractionsListsMapsAndSectionsOfTheConfig() throws Exception {
    // given
    String config =
        """
        x-note: !mine {a: 1}
        x-base: &limits {start_up: 7m, same_cause: 0, run_timeout: 2h}
        limits: *limits
        retry: {attempts: 3, on: [crashed, timed_out], backoff: 3s}
        readiness: {interval: 2s}
        checks: {cache: off}
        vary_prompts: true
        """
            + FixedRules.BASE
            + """
              request_rate: 0.00001
              aiperf_options: {extra_inputs: {ignore_eos: true, top_p: 0.95, big: 1.0e+20}, goodput: ["request_latency:1", "output_sequence_length:2"]}
            sweeps: {concurrency: [3, 4]}
            """;
    Batch batch = stage.accept(config);
    // when
    BenchmarkConfig again = FixedRules.read(RerunConfig.yaml(batch.run(1)));
    // then
    assertThat(again.base()).isEqualTo(batch.run(1).parameters());
    assertThat(again.limits()).isEqualTo(batch.config().limits());
    assertThat(again.retry()).isEqualTo(batch.config().retry());
    assertThat(again.readiness()).isEqualTo(batch.config().readiness());
    assertThat(again.checks()).isEqualTo(batch.config().checks());
    assertThat(again.variesPrompts()).isTrue();
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
    String deadLetter = deadLetter(batch, 0);
    AcceptedBatch again = drop(deadLetter);
    BenchmarkConfig read = FixedRules.read(RerunConfig.yaml(batch.run(0)));
    // then
    assertThat(again.rerunIndex()).hasValue(0);
    assertThat(read.base()).isEqualTo(batch.run(0).parameters());
    assertThat(read.limits()).isEqualTo(batch.config().limits());
    assertThat(read.limits()).isNotEqualTo(FixedRules.read(FixedRules.BASE).limits());
    assertThat(drop("# caravan-overrides: [\"--label a=c\"]\n" + deadLetter).rerunIndex())
        .as("a label that a run of that batch cannot have")
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\nrerun: {batch: other/x, run_index: 0}",
        "\r\nsweeps: {concurrency: [1, 2]}",
        "\rsweeps: 1",
        "\u0085sweeps: 1",
        "\u2028sweeps: 1",
        "\u2029sweeps: 1",
        "\u000bsweeps: 1",
        "\fsweeps: 1",
        "\u0000\u0001\u001b[31m\u001b]0;title\u0007",
        "\u0080\u009f\ufeff\ufffe\uffff\ud800",
        "\u202eevil",
        "\t- x",
        "--- \n...\n%YAML 1.2\n---"
      })
  void letsNoValueBreakOutOfItsComments(String evil) throws Exception {
    // given
    Batch batch = stage.accept(ONCE + RunStageFixture.BASE + BAD);
    Head head =
        new Head(
            Outcome.FAILED,
            "crashed",
            List.of("why" + evil, "second" + evil),
            1,
            true,
            Optional.empty(),
            NOW,
            NOW,
            Duration.ZERO,
            "0.13.0");
    ProcessResult result =
        new ProcessResult(
            head, List.of(), List.of(), ReturnCodes.NONE, "", ("said" + evil + "\n").repeat(50));
    // when
    new RunDeadLetters(stage.scratch.home, stage.scratch.files).write(batch.run(1), result);
    // then
    String deadLetter = deadLetter(batch, 1);
    assertThat(deadLetter.substring(0, deadLetter.indexOf("\n\"batch_name\"") + 1).lines())
        .allMatch(line -> line.startsWith("#"));
    assertThat(deadLetter).doesNotContain("\u001b", "\u0085", "\u2028", "\u202e");
    assertThat(FixedRules.read(deadLetter).base()).isEqualTo(batch.run(1).parameters());
    assertThat(drop(deadLetter).rerunIndex()).hasValue(1);
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
  void worksForTheLongestNames() throws Exception {
    // given
    Batch batch =
        stage.accept("batch_name: " + "n".repeat(200) + "\n" + ONCE + RunStageFixture.BASE + BAD);
    // when
    RunReport report = stage.execute(batch.run(1));
    // then
    assertThat(report.kind()).isEqualTo(Kind.ENDED);
    assertThat(drop(deadLetter(batch, 1)).rerunIndex()).hasValue(1);
  }

  private String deadLetter(Batch batch, int index) throws IOException {
    List<String> deadLetters = names(stage.scratch.home.dead());
    assertThat(deadLetters).hasSize(1);
    assertThat(deadLetters.get(0))
        .endsWith("." + batch.folder().getFileName() + "." + index + ".yaml");
    return Files.readString(stage.scratch.home.dead().resolve(deadLetters.get(0)));
  }

  /** Keys and values may be in quotes. */
  private AcceptedBatch dropEdited(String deadLetter, String given, String edited)
      throws Exception {
    String plain =
        deadLetter.replaceAll("(?m)^\"(\\w+)\":", "$1:").replaceAll("\"(on|\\w+_p99)\":", "$1:");
    assertThat(plain).contains(given);
    return drop(plain.replace(given, edited));
  }

  private AcceptedBatch drop(String deadLetter) throws Exception {
    ScratchHome scratch = stage.scratch;
    return scratch.acceptance.accept(
        scratch.claim("dead-letter.yaml", deadLetter), scratch.rules());
  }
}
