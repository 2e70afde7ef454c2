package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How failed, unanswered and cut-off requests, and what aiperf says of them, are judged. */
class JudgeRequestsTest extends JudgeTestBase {

  private static final String BROKEN_OFF = "RequestCancellationError";

  @ParameterizedTest
  @CsvSource({
    "347, 9, 2.5 %",
    "49999, 1, under 0.1 %",
    "60, 40, 40 %",
    "50, 50, 50 %",
    "19, 1, 5.0 %"
  })
  void degradesARunWithSomeFailedConnectionsToAReadyTarget(int ok, int broken, String share)
      throws IOException {
    // given
    exportWithBrokenConnections(ok, broken);
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.DEGRADED);
    assertThat(judgment.reasons())
        .containsExactly(
            "%,d of %,d requests failed (%s): server disconnected (%d×)"
                .formatted(broken, ok + broken, share, broken));
  }

  @Test
  void givesTargetLostWhenMostOfAllRequestsAreFailedConnections() throws IOException {
    // given
    exportWithBrokenConnections(49, 51);
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.cause()).isEqualTo("target_lost");
    assertThat(judgment.reasons())
        .contains("the target was lost: most of all requests are failed connections");
  }

  @Test
  void givesTargetLostWhenTheTargetIsNotReadyAfterOneFailedConnection() throws IOException {
    // given
    exportWithBrokenConnections(99, 1);
    // then
    assertThat(new Judge().judge(folder, Recording.exited(0), () -> false).cause())
        .isEqualTo("target_lost");
  }

  @Test
  void acceptsRequestsThatAiperfBreaksOffAsItIsAskedTo() throws IOException {
    // given
    exportWithErrors(90, 10, "499", BROKEN_OFF, "Request cancelled 0.050s after being sent", 10);

    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);

    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(judgment.reasons())
        .containsExactly("10 requests were broken off, as request_cancellation_rate asks");
    assertThat(AiperfExport.read(folder).export().orElseThrow().failedRequests()).isZero();
  }

  @Test
  void degradesARunWhoseServicePassesOffItsErrorsAsRequestsThatWereBrokenOff() throws IOException {
    // given
    exportWithErrors(90, 10, "499", BROKEN_OFF, "Request cancelled 0.050s after being sent", 10);
    Path export = folder.resolve("profile_export_aiperf.json");
    Files.writeString(export, Files.readString(export).replace("cancellation", "other"));

    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);

    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.DEGRADED);
    assertThat(judgment.reasons().get(0)).startsWith("10 of 100 requests failed");
  }

  @ParameterizedTest
  @CsvSource({
    "499, RequestCancellationError, Request cancelled by external signal, 10",
    "499, Client Closed Request, cancelled 0.050s after being sent, 10",
    "499, RequestCancellationError, Request cancelled 0.050s after being sent, 12"
  })
  void degradesARunWhoseRequestsEndOtherwise(String code, String type, String message, int counted)
      throws IOException {
    // given
    exportWithErrors(90, counted, code, type, message, 10);

    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);

    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.DEGRADED);
    assertThat(judgment.reasons().get(0))
        .startsWith(counted == 10 ? "10 of 100 requests failed" : "2 of 92 requests failed");
  }

  private void exportWithErrors(
      int ok, int failed, String code, String type, String message, int times) throws IOException {
    export(
        "{'input_config':{'phases':[{'name':'profiling','cancellation':{'rate':10.0}}]},"
            + "'request_count':{'unit':'requests','avg':%d},'error_request_count':{'unit':'requests',"
                .formatted(ok)
            + "'avg':%d},'error_summary':[{'error_details':{'code':%s,'type':'%s','message':'%s'},"
                .formatted(failed, code, type, message)
            + "'count':%d}]}".formatted(times));
  }

  private void exportWithBrokenConnections(int ok, int broken) throws IOException {
    export(
        "{'request_count':{'unit':'requests','avg':%d},'error_summary':[{'error_details':{'type':"
                .formatted(ok)
            + "'ServerDisconnectedError','message':'Server disconnected'},'count':%d}]}"
                .formatted(broken));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "completed=6, cancelled=8, errors=0 | elapsed=2.0s | grace_period_timeout=True"
            + " ; 8 of 14 requests were cut off by the grace period",
        "completed=1,234, cancelled=1, errors=0 | elapsed=2.0s | grace_period_timeout=True"
            + " ; 1 of 1,235 requests were cut off by the grace period",
        "completed=6, cancelled=2, errors=0 | elapsed=2.0s | was_cancelled=True"
            + " ; 2 of 8 requests were cut off before they ended"
      })
  void degradesARunWithRequestsThatNeverEnded(String counts, String reason) throws IOException {
    // given: in stdout or, when that is missing, in aiperf's log
    String line = "Phase load (profiling) complete | " + counts + "\n";
    export("{'request_count':{'unit':'requests','avg':6}}");
    Path log = Files.createDirectories(folder.resolve("logs")).resolve("aiperf.log");
    for (Path file : List.of(log, folder.resolve("stdout.log"))) {
      // when: many lines follow
      Files.writeString(file, line + "12:00:00 WARNING  OSL mismatch\n".repeat(20_000));
      Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
      // then
      assertThat(judgment.outcome()).isEqualTo(Outcome.DEGRADED);
      assertThat(judgment.reasons()).containsExactly(reason);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // a worker that was stopped, so that aiperf gave up on it after 10 s
        "sent=12, completed=8, in_flight=4 ; completed=8, cancelled=0, errors=0 ; 4 of 12",
        "sent=1,012, completed=8, in_flight=4 ; completed=1,008, cancelled=3, errors=0 ; 4 of 1,012",
        // it cut off more than it had sent by then, as with children of a conversation
        "sent=12, completed=8, in_flight=4 ; completed=12, cancelled=1, errors=0 ; 1 of 13"
      })
  void countsRequestsThatAiperfSentAndNeverGotBackAsCutOff(String sent, String ended, String cutOff)
      throws IOException {
    // given
    export("{'request_count':{'unit':'requests','avg':6}}");
    Files.writeString(
        folder.resolve("stdout.log"),
        "Phase profiling (profiling) sending complete | %s | timeout_triggered=True\n"
                .formatted(sent)
            + "Phase profiling (profiling) complete | %s | grace_period_timeout=True\n"
                .formatted(ended));
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.DEGRADED);
    assertThat(judgment.reasons())
        .containsExactly(cutOff + " requests were cut off by the grace period");
  }

  @Test
  void takesRequestsThatEndedAfterTheLastWasSentForAnswered() throws IOException {
    // given: replies that were there before aiperf could cut them off
    export("{'request_count':{'unit':'requests','avg':16}}");
    Files.writeString(
        folder.resolve("stdout.log"),
        "Phase profiling (profiling) sending complete | sent=16, completed=12, in_flight=4\n"
            + "Phase profiling (profiling) complete | completed=16, cancelled=0, errors=0\n");
    // then
    assertThat(new Judge().judge(folder, Recording.exited(0), READY).outcome())
        .isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void ignoresWarmupRequestsThatNeverEnded() throws IOException {
    // given
    export("{'request_count':{'unit':'requests','avg':6}}");
    Files.writeString(
        folder.resolve("stdout.log"),
        "Phase warmup (warmup) complete | completed=1, cancelled=8, errors=0\n"
            + "Phase profiling (profiling) complete | completed=6, cancelled=0, errors=0\n");
    // then
    assertThat(new Judge().judge(folder, Recording.exited(0), READY).outcome())
        .isEqualTo(Outcome.SUCCEEDED);
  }

  @Test
  void countsMessagesThatDifferInNumbersOnlyAsOneAndGivesItFirst() throws IOException {
    // given
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 468; i++) {
      String message = "maximum context length is 1024, you requested " + (2_000 + i);
      lines.append(record(400, "Bad Request", message));
    }
    records(1, record(400, "Bad Request", "other").repeat(2) + lines);
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(1), READY);
    // then
    assertThat(judgment.reasons())
        .containsExactly(
            "aiperf exited 1: all 470 requests failed: 400 Bad Request: maximum context length is"
                + " 1024, you requested 2000 (468×), 400 Bad Request (2×)",
            "400 Bad Request: other (2×)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Output Sequence Length Mismatch Warning",
        "Token Count Discrepancy Warning",
        "GPU Telemetry Platform"
      })
  void neverQuotesAnAdvisoryPanelAsTheReasonOfAFailure(String title) throws IOException {
    // given: the advisory panel comes last
    Files.writeString(
        folder.resolve("stdout.log"),
        "╭─ AIPerf System Exit Errors ─╮\n│ • Service: x │\n│ Reason: disk full │\n╰────╯\n"
            + ("╭─── " + title + " ───╮\n│ Look at this. More words. │\n╰────╯\n"));
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(1), READY);
    // then
    assertThat(judgment.reasons()).containsExactly("aiperf exited 1: disk full");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Token Count Discrepancy Warning", "Some New Warning"})
  void reportsWhatAiperfWarnsOfAlthoughTheRunSucceeded(String title) throws IOException {
    // given
    export("{'request_count':{'unit':'requests','avg':6}}");
    Files.writeString(
        folder.resolve("stdout.log"),
        "\u001b[33m╭─── " + title + " ───╮\u001b[0m\n│ Look at this. More words. │\n╰────╯\n");
    // when
    Judgment judgment = new Judge().judge(folder, Recording.exited(0), READY);
    // then
    assertThat(judgment.outcome()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(judgment.reasons()).containsExactly("aiperf warns: " + title + ": Look at this.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OSError(28, 'No space left on device')",
        "TimeoutError: the dataset service did not answer",
        "ClientConnectorError: cannot connect to huggingface.co"
      })
  void doesNotBlameTheDatasetForPassingTrouble(String said) throws IOException {
    // given
    Files.writeString(
        folder.resolve("stdout.log"), "ERROR    Dataset configuration failed: " + said + "\n");
    // then
    assertThat(new Judge().judge(folder, Recording.exited(1), READY).cause()).isEqualTo("crashed");
  }

  @Test
  void readsHostileOutputInLinearTime() throws IOException {
    // given
    String rim = "╭" + "─".repeat(80_000) + "\n";
    String dataset = "dataset configuration failed: " + "x(".repeat(40_000) + "\n";
    Files.writeString(folder.resolve("stdout.log"), rim.repeat(2) + dataset);
    Files.writeString(folder.resolve("stderr.log"), "a.".repeat(100_000) + rim);
    // when
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    new Judge().judge(folder, Recording.exited(1), READY);
    Duration worked = Duration.ofNanos(threads.getCurrentThreadCpuTime() - before);
    // then
    assertThat(worked).isLessThan(Duration.ofSeconds(5));
  }
}
