package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessResultTest {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-24T14:02:54.125+01:00");

  static final Head HEAD =
      new Head(
          Outcome.FAILED,
          "unauthorized",
          List.of("aiperf exited 1: all 5,190 requests failed: 401 Unauthorized (5,190×)"),
          2,
          false,
          Optional.of(START.plusMinutes(5)),
          START,
          START.plusSeconds(10),
          Duration.ofMillis(10_250),
          "0.13.0");

  @TempDir Path path;

  @Test
  void writesItsFieldsInAFixedOrderWithTheOutputLast() throws IOException {
    // when
    JsonNode json = new ObjectMapper().readTree(result(OptionalInt.of(1), "out", "err").json());
    // then
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactly(
            "schema",
            "status",
            "cause",
            "reasons",
            "attempt",
            "final",
            "next_attempt_at",
            "started_at",
            "ended_at",
            "duration_seconds",
            "aiperf_version",
            "executed",
            "executed_returncode",
            "args",
            "returncode",
            "stdout",
            "stderr");
    assertThat(json.get("started_at").asText()).isEqualTo("2026-11-24T14:02:54.125+01:00");
    assertThat(json.get("duration_seconds").asDouble()).isEqualTo(10.25);
    assertThat(json.get("status").asText()).isEqualTo("failed");
  }

  /** Of a tree from elsewhere: all of it would not fit into memory. */
  @Test
  void readsNoHeadWithoutEnd() throws IOException {
    // given
    String whole =
        new String(result(OptionalInt.of(1), "out", "err").json(), StandardCharsets.UTF_8);
    Path file = path.resolve("process_result.json");
    String start = "\"reasons\" : [ ";
    assertThat(whole).contains(start);
    // when, then
    Files.writeString(file, whole.replace(start, start + "[ ], ".repeat(1_000)));
    assertThat(ProcessResult.head(file)).isPresent();
    Files.writeString(file, whole.replace(start, start + "[ ], ".repeat(4_000_000)));
    assertThat(ProcessResult.head(file)).isEmpty();
    Files.writeString(file, whole.replace("\"out", "\"" + "x".repeat(20 << 20) + "out"));
    assertThat(ProcessResult.head(file)).isPresent();
  }

  @Test
  void writesWhatTheChecksFoundAfterTheReasons() throws IOException {
    // given
    Finding finding = new Finding("cache", Level.WARNING, 61.654, 10, "61.7 of 100 …", "a: b");
    Head checked =
        new Head(
            Outcome.SUCCEEDED,
            "",
            List.of(),
            1,
            true,
            Optional.empty(),
            START,
            START,
            Duration.ZERO,
            "0.13.0",
            new CheckResults(
                List.of(finding),
                List.of("errors", "cache"),
                Map.of("steady", "too few"),
                Map.of(Statistic.DISTINCT_PROMPTS, 100.0)));
    // when
    byte[] json = new ProcessResult(checked, List.of(), List.of(), ReturnCodes.NONE, "", "").json();
    // then
    assertThat(new String(json, StandardCharsets.UTF_8).replaceAll("\\s+", " "))
        .contains(
            "\"reasons\" : [ ], \"checks\" : [ { \"id\" : \"cache\", \"level\" : \"warning\","
                + " \"value\" : 61.654, \"threshold\" : 10.0, \"message\" : \"61.7 of 100 …\","
                + " \"advice\" : \"a: b\" } ], \"checked\" : [ \"errors\", \"cache\" ],"
                + " \"unchecked\" : { \"steady\" : \"too few\" },"
                + " \"statistics\" : { \"distinct_prompts\" : 100.0 }, \"attempt\" : 1");
    assertThat(ProcessResult.head(Files.write(path.resolve("process_result.json"), json)))
        .contains(checked);
  }

  @Test
  void hasTheFourFieldsOfRunAiperf() throws IOException {
    // when
    JsonNode json = new ObjectMapper().readTree(result(OptionalInt.of(-9), "out\n", "é").json());
    // then
    assertThat(json.get("args").get(1).asText()).isEqualTo("profile");
    assertThat(json.get("returncode").asInt()).isEqualTo(-9);
    assertThat(json.get("stdout").asText()).isEqualTo("out\n");
    assertThat(json.get("stderr").asText()).isEqualTo("é");
  }

  @Test
  void hasNoReturnCodeWhenAiperfNeverRan() throws IOException {
    // given
    ProcessExit exit = Recording.exit(ProcessExit.How.NOT_STARTED, 0, "no such file");
    // when
    ProcessResult result = result(ReturnCodes.of(exit), "", "");
    // then
    JsonNode json = new ObjectMapper().readTree(result.json());
    assertThat(json.has("returncode")).isTrue();
    assertThat(json.get("returncode").isNull()).isTrue();
  }

  @Test
  void readsBackItsHead() throws IOException {
    // given
    RunFolder folder = new RunFolder(path);
    new ResultWriter(Files::write).write(folder, result(OptionalInt.of(1), "o", "e"));
    // then
    assertThat(ProcessResult.head(folder.processResult())).contains(HEAD);
  }

  @Test
  void stopsReadingWhereTheOutputBegins() throws IOException {
    // given: what follows the head is not valid JSON
    String json = new String(result(OptionalInt.of(1), "o", "e").json(), StandardCharsets.UTF_8);
    String head = json.substring(0, json.indexOf("\"executed\"")) + "\"executed\" : [ <torn";
    // when
    Path file = Files.writeString(path.resolve("process_result.json"), head);
    // then
    assertThat(ProcessResult.head(file)).contains(HEAD);
  }

  @Test
  void ignoresFieldsOfLaterVersions() throws IOException {
    // given
    String json = new String(result(OptionalInt.of(1), "o", "e").json(), StandardCharsets.UTF_8);
    // when
    Path file =
        Files.writeString(
            path.resolve("process_result.json"), json.replaceFirst("\\{", "{\"new\":[{}],"));
    // then
    assertThat(ProcessResult.head(file)).contains(HEAD);
  }

  @Test
  void hasNoHeadWhenTruncatedOrNotAResult() throws IOException {
    // given
    String json = new String(result(OptionalInt.of(1), "o", "e").json(), StandardCharsets.UTF_8);
    Path file = path.resolve("process_result.json");
    // then
    assertThat(ProcessResult.head(file)).isEmpty();
    for (int end = 0; end < json.indexOf("\"executed\"") - 4; end += 7) {
      Files.writeString(file, json.substring(0, end));
      assertThat(ProcessResult.head(file)).as("first %d bytes", end).isEmpty();
    }
    for (String other :
        List.of(
            "[]",
            "{\"args\":[\"aiperf\"],\"returncode\":0,\"stdout\":\"\",\"stderr\":\"\"}",
            json.replace("\"failed\"", "\"strange\""),
            json.replace("2026-11-24T14:02:54.125+01:00", "yesterday"))) {
      Files.writeString(file, other);
      assertThat(ProcessResult.head(file)).isEmpty();
    }
  }

  @Test
  void keepsTheLastMebibyteOfEachOutputAndNotesWhatIsLeftOut() throws IOException {
    // given
    RunFolder folder = new RunFolder(path);
    Files.writeString(folder.stdout(), "é".repeat(1 << 20) + "x");
    Files.writeString(folder.stderr(), "short");
    // when
    ProcessResult result = ProcessResult.of(folder, HEAD, List.of(), List.of(), ReturnCodes.NONE);
    // then
    assertThat(result.stdout())
        .startsWith("[the first 1,048,578 bytes are left out here; see stdout.log]\né")
        .endsWith("éx");
    assertThat(result.stderr()).isEqualTo("short");
  }

  @Test
  void hasEmptyOutputWhenThereAreNoLogs() {
    // when
    ProcessResult result =
        ProcessResult.of(new RunFolder(path), HEAD, List.of(), List.of(), ReturnCodes.NONE);
    // then
    assertThat(result.stdout()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "EXITED, 0, 0",
    "EXITED, 1, 1",
    "EXITED, -9, -9",
    "TIMED_OUT, 0, -2",
    "TIMED_OUT, 1, -2",
    "TIMED_OUT, -9, -9",
    "STOPPED, 0, -2",
    "STOPPED, 130, -2",
    "STOPPED, -2, -2",
    "STOPPED, -9, -9"
  })
  void recordsTheSignalWithWhichCaravanEndedARun(ProcessExit.How how, int executed, int recorded)
      throws IOException {
    // given
    ProcessExit exit = Recording.exit(how, executed, "");
    // when
    JsonNode json = new ObjectMapper().readTree(result(ReturnCodes.of(exit), "", "").json());
    // then
    assertThat(json.get("returncode").asInt()).isEqualTo(recorded);
    assertThat(json.get("executed_returncode").asInt()).isEqualTo(executed);
  }

  @Test
  void hasNoReturnCodeWhenStoppedBeforeAiperfRan() {
    // given
    ProcessExit exit = ProcessExit.withoutProcess(ProcessExit.How.STOPPED, "stopped");
    // then
    assertThat(ReturnCodes.of(exit)).isEqualTo(ReturnCodes.NONE);
  }

  private static ProcessResult result(OptionalInt returnCode, String stdout, String stderr) {
    return result(new ReturnCodes(returnCode, returnCode), stdout, stderr);
  }

  private static ProcessResult result(ReturnCodes returnCode, String stdout, String stderr) {
    return new ProcessResult(
        HEAD,
        List.of("/opt/aiperf/bin/python", "-c", "…"),
        List.of("aiperf", "profile", "--api-key", "$NVIDIA_API_KEY"),
        returnCode,
        stdout,
        stderr);
  }
}
