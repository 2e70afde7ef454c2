package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.process.ProcessExit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest extends JudgeTestBase {

  @Test
  void countsAllFailedRequestsWithoutASummary() throws IOException {
    // given
    records(5_190, record(401, "Unauthorized", "Incorrect API key provided."));
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(1), READY);
    // then
    assertThat(judgment.cause()).isEqualTo("unauthorized");
    assertThat(judgment.reasons().get(0))
        .isEqualTo(
            "aiperf exited 1: all 5,190 requests failed: 401 Unauthorized: Incorrect API key"
                + " provided. (5,190×)");
  }

  @Test
  void doesNotGiveTargetLostForAFewBrokenConnections() throws IOException {
    // given: one of three failures is a broken connection
    String broken = "{\"type\":\"ServerDisconnectedError\",\"message\":\"Server disconnected\"}";
    export(
        "{'request_count':{'unit':'requests','avg':97},'error_summary':["
            + "{'error_details':{'code':500,'type':'E','message':'m'},'count':2},"
            + "{'error_details':"
            + broken.replace('"', '\'')
            + ",'count':1}]}");
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.DEGRADED);
    assertThat(judgment.reasons().get(0))
        .isEqualTo("3 of 100 requests failed (3.0 %): 500 E: m (2×), server disconnected (1×)");
  }

  @Test
  void doesNotTrustExitZeroWithoutASummary() {
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.cause()).isEqualTo("incomplete_export");
    assertThat(judgment.reasons())
        .containsExactly("aiperf exited 0 but profile_export_aiperf.json is absent");
  }

  @Test
  void doesNotTrustATruncatedSummary() throws IOException {
    // given
    export("{'request_count':{'unit':'requests','avg':97},'error_su");
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.cause()).isEqualTo("incomplete_export");
    assertThat(judgment.reasons().get(0)).contains("profile_export_aiperf.json is truncated");
  }

  @Test
  void doesNotTrustASummaryWithoutSuccessfulRequests() throws IOException {
    // given: what AIPerf before 0.10 wrote, with exit code 0
    export("{'request_count':{'unit':'requests','avg':0}}");
    records(3, record(500, "Internal Server Error", "boom"));
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.cause()).isEqualTo("all_requests_failed");
  }

  @Test
  void treatsATracebackAsACrash() throws IOException {
    // given
    Files.writeString(
        folder.resolve("stderr.log"),
        "Traceback (most recent call last):\n  File \"x\", line 1\n"
            + "ModuleNotFoundError: No module named 'aiperf'\n");
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(1), READY);
    // then
    assertThat(judgment.cause()).isEqualTo("crashed");
    assertThat(judgment.reasons())
        .containsExactly("aiperf exited 1: ModuleNotFoundError: No module named 'aiperf'");
  }

  @Test
  void treatsATracebackAfterABoxAsACrash() throws IOException {
    // given
    Files.writeString(
        folder.resolve("stderr.log"),
        "╭─ Error ─╮\n│ some words │\n╰─────────╯\n"
            + "Traceback (most recent call last):\nKeyError: 'x'\n");
    // then
    assertThat(new Judge().judge(folder, Recording.exited(1), READY).cause()).isEqualTo("crashed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "Failed to validate tokenizer 'x': offline | aiperf exited 1: Failed to validate tokenizer 'x'"
            + " (tokenizer: builtin, or the path of its folder, needs no model hub)",
        "╭─ Ambiguous Tokenizer Name ─╮⏎│ 'llama' is ambiguous │⏎╰───╯⏎"
            + "| aiperf exited 1: Failed to load tokenizer"
            + " (tokenizer: builtin, or the path of its folder, needs no model hub)"
            + ": 'llama' is ambiguous"
      })
  void recognizesOtherMessagesAboutAMissingTokenizer(String printed, String headline)
      throws IOException {
    // given
    Files.writeString(folder.resolve("stdout.log"), printed.replace('⏎', '\n') + "\n");
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(1), READY);
    // then
    assertThat(judgment.cause()).isEqualTo("tokenizer_unavailable");
    assertThat(judgment.reasons()).containsExactly(headline);
  }

  @Test
  void reportsWhyAiperfWasNotStarted() {
    // given
    ProcessExit exit = Recording.exit(ProcessExit.How.NOT_STARTED, 0, "no such program: aiperf");
    // when
    Judgment judgment = new Judge().judge(folder, exit, READY);
    // then
    assertThat(judgment.cause()).isEqualTo("start_failed");
    assertThat(judgment.reasons())
        .containsExactly("aiperf could not be started: no such program: aiperf");
  }

  @Test
  void treatsAStoppedRunAsCancelledWhateverItsFiles() {
    // given
    ProcessExit exit = Recording.exit(ProcessExit.How.STOPPED, 0, "cancelled by ops: wrong model");
    // when
    Judgment judgment = new Judge().judge(Recording.folder("succeeded"), exit, READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(judgment.reasons())
        .containsExactly("stopped after 8.0 s: cancelled by ops: wrong model");
  }

  @Test
  void reportsHowFarATimedOutRunGot() {
    // given
    ProcessExit exit = Recording.exit(ProcessExit.How.TIMED_OUT, -9, "");
    // when
    Judgment judgment = new Judge().judge(Recording.folder("killed"), exit, READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(judgment.reasons())
        .startsWith(
            "aiperf was still running after 8.0 s, its limit; its processes were terminated")
        .contains("2 requests had succeeded")
        .anyMatch(reason -> reason.startsWith("last line of its log: 2026-11-24"));
  }

  @Test
  void givesThePhaseOfATimeoutFirst() {
    // given
    String message = "timed out in warm-up, 7 of 20 requests done: its limit of 30m passed";
    ProcessExit exit = Recording.exit(ProcessExit.How.TIMED_OUT, -9, message);
    // when
    Judgment judgment = new Judge().judge(Recording.folder("killed"), exit, READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(judgment.reasons())
        .startsWith(message)
        .contains("2 requests had succeeded")
        .anyMatch(reason -> reason.startsWith("last line of its log: 2026-11-24"));
  }

  @Test
  void doesNotQuoteTheBorderOfABoxAsTheLastLine() throws IOException {
    // given
    Files.writeString(
        folder.resolve("stderr.log"), "╭─ Error ─╮\n│ the last words │\n╰─────────╯\n");
    ProcessExit exit = Recording.exit(ProcessExit.How.TIMED_OUT, -9, "timed out");
    // when
    Judgment judgment = new Judge().judge(folder, exit, READY);
    // then
    assertThat(judgment.reasons())
        .containsExactly("timed out", "last line of its log: the last words");
  }

  @Test
  void doesNotQuoteAnEmptyLineOfAColouredBoxAsTheLastLine() throws IOException {
    // given
    String side = "\u001b[33m│\u001b[0m";
    Files.writeString(
        folder.resolve("stderr.log"),
        "%1$s the last words %1$s\n%1$s  %1$s\n\u001b[33m╰──╯\u001b[0m\n".formatted(side));
    ProcessExit exit = Recording.exit(ProcessExit.How.TIMED_OUT, -9, "timed out");
    // when
    Judgment judgment = new Judge().judge(folder, exit, READY);
    // then
    assertThat(judgment.reasons())
        .containsExactly("timed out", "last line of its log: the last words");
  }

  @Test
  void masksAKeyThatTheTargetEchoes() throws IOException {
    // given
    records(1, record(401, "Unauthorized", "bad key sk-secret"));
    Judge judge = new Judge(message -> message.replace("sk-secret", "***"));
    // when
    Judgment judgment = judge.judge(folder, Recording.exited(1), READY);
    // then
    assertThat(judgment.reasons())
        .noneMatch(r -> r.contains("sk-secret"))
        .anyMatch(r -> r.contains("***"));
  }

  @Test
  void removesTerminalEscapesFromReasons() throws IOException {
    // given
    records(1, record(500, "Error\\u001b[31m", "red\\u001b]0;title\\u0007\\nnext\\u202e"));
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(1), READY);
    // then
    assertThat(judgment.reasons())
        .containsExactly("aiperf exited 1: all 1 requests failed: 500 Error: red next (1×)");
  }

  @Test
  void tellsWhichExtrasOfAiperfAreMissingAndWhatInstallsThem() throws IOException {
    // given
    export("{'request_count':{'unit':'requests','avg':5}}");
    log(
        "MLflowDataExporter - WARNING - MLflow export subprocess reported: RuntimeError(\"MLflow"
            + " export is enabled but the optional MLflow dependency is not installed. Install"
            + " with: pip install 'aiperf[mlflow]' or uv add 'aiperf[mlflow]'.\")",
        "WandbDataExporter - WARNING - Weights & Biases export subprocess reported: RuntimeError("
            + "\"Weights & Biases export is enabled but the optional Weights & Biases dependency is"
            + " not installed. Install with: pip install 'aiperf[wandb]' or uv add 'x'.\")");
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.reasons())
        .containsExactly(
            "aiperf was installed without mlflow and wandb, which this config needs:"
                + " run 'caravan setup --with mlflow,wandb'");
  }

  @Test
  void tellsAMissingExtraThatEndsARun() throws IOException {
    // given
    Files.writeString(
        folder.resolve("stderr.log"),
        "Traceback (most recent call last):\nImportError: lighteval is not installed, so graders"
            + " cannot run. Install with: uv pip install 'aiperf[accuracy]'.\n");
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(1), READY);
    // then
    assertThat(judgment.cause()).isEqualTo("crashed");
    assertThat(judgment.reasons()).last().asString().endsWith("'caravan setup --with accuracy'");
  }

  @ParameterizedTest
  @CsvSource({"0,SUCCEEDED", "1,FAILED"})
  void tellsThatResultsWereNotSentWhateverTheOutcome(int code, Outcome outcome) throws IOException {
    // given
    export("{'request_count':{'unit':'requests','avg':5}}");
    log(
        "MLflowDataExporter - WARNING - MLflow export timed out after 10.0s. Terminating it.",
        "WandbDataExporter - WARNING - Weights & Biases export subprocess reported: Error(\"failed"
            + " with error code 401 != 200. Response body: '<html>\\r\\n<head><title>401'\")");
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(code), READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(outcome);
    assertThat(judgment.reasons())
        .endsWith(
            "aiperf warns: MLflow export timed out after 10.0s. Terminating it.",
            "aiperf warns: Weights & Biases export subprocess reported: Error(\"failed with error"
                + " code 401 != 200.");
  }

  private void log(String... lines) throws IOException {
    Path log = Files.createDirectories(folder.resolve("logs")).resolve("aiperf.log");
    for (String line : lines) {
      Files.writeString(
          log,
          "2026-11-29 02:02:42.989 - " + line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
