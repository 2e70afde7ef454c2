package dev.caravan.pipeline.run;

import static dev.caravan.pipeline.run.DeadLetters.BAD;
import static dev.caravan.pipeline.run.DeadLetters.ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.FixedRules;
import dev.caravan.config.Rerun;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ReturnCodes;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dead letter says exactly what its run was, whatever its values and messages contain. */
class DeadLetterTextTest extends RunStageTestBase {

  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-24T14:02:54+01:00");

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
    String deadLetter = DeadLetters.only(stage, batch, 1);
    assertThat(deadLetter.substring(0, deadLetter.indexOf("\n\"batch_name\"") + 1).lines())
        .allMatch(line -> line.startsWith("#"));
    assertThat(deadLetter).doesNotContain("\u001b", "\u0085", "\u2028", "\u202e");
    assertThat(FixedRules.read(deadLetter).base()).isEqualTo(batch.run(1).parameters());
    assertThat(DeadLetters.drop(stage, deadLetter).rerunIndex()).hasValue(1);
  }
}
