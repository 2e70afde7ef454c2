package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.checks.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestColumnsTest {

  private static final long START = 1_800_000_000_000_000_000L;

  @TempDir Path folder;

  private static String line(long startNanos) {
    return """
        {"metadata": {"request_start_ns": %d, "request_end_ns": %d, "conversation_id": "c%d"}, \
        "metrics": {"request_latency": {"value": 300.0}}, "error": null}
        """
        .formatted(startNanos, startNanos + 300_000_000, startNanos);
  }

  private Optional<Requests> read(String text) throws IOException {
    Path file = folder.resolve("profile_export.jsonl");
    Files.writeString(file, text);
    return RequestColumns.read(file, RequestColumns.LIMITS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "{}",
        "null",
        "[]",
        "{\"metadata\": {}}",
        "{\"metadata\": {\"request_start_ns\": -9223372036854775808, \"request_end_ns\": 1}}",
        "{\"metadata\": {\"request_start_ns\": NaN, \"request_end_ns\": NaN}}",
        "{\"metadata\": [{\"request_start_ns\": 5, \"request_end_ns\": 9}]}",
        "{\"metadata\": \"x\", \"request_start_ns\": 5, \"request_end_ns\": 9}",
        "{\"metadata\": {\"request_start_ns\": 1e300, \"request_end_ns\": 1e300}}",
      })
  void aLineThatIsNoRequestIsNone(String odd) throws IOException {
    // when
    Requests requests = read(line(START) + odd + "\n" + line(START + 500_000_000)).orElseThrow();

    // then
    assertThat(requests.count()).isEqualTo(2);
  }

  /** The first asks for 40 tokens and the second for 20, as with a standard deviation. */
  @ParameterizedTest
  @CsvSource({"40, 20, 2", "38, 19, 2", "37, 20, 1", "32, 15, 0"})
  void knowsRepliesOfWhichTheServiceCountsWhatWasRequested(int one, int other, int same)
      throws IOException {
    // given: aiperf counts 32 and 15
    String replies = counted(START, 32, -20, one) + counted(START + 1, 15, -25, other);
    // then
    assertThat(read(replies).orElseThrow().lengths().miscounted()).isEqualTo(same);
  }

  @Test
  void believesNoCountWithoutARequestedLength() throws IOException {
    // given
    String reply = counted(START, 32, -20, 40);
    // then
    for (String missing : new String[] {"usage_completion_tokens", "osl_mismatch_diff_pct"}) {
      assertThat(read(reply.replace(missing, "other")).orElseThrow().lengths().miscounted())
          .as(missing)
          .isZero();
    }
  }

  @Test
  void knowsTheRepliesThatTheServiceDoesNotCount() throws IOException {
    // given: of 32 tokens each, but of one that aiperf does not count
    String reply = counted(START, 32, 0, 32);
    String untold = reply.replace("usage_completion_tokens", "other");
    // then
    assertThat(read(reply + untold + untold + line(START)).orElseThrow().lengths().untold())
        .isEqualTo(Map.of(32, 2L, -1, 1L));
  }

  @Test
  void knowsTheRepliesThatArriveAtOnce() throws IOException {
    // given: of 300 ms each
    String held =
        counted(START, 40, 0, 40)
            .replace(
                "\"metrics\": {",
                "\"metrics\": {\"time_to_first_token\": {\"value\": 280},"
                    + " \"http_req_chunks_received\": {\"value\": 2}, ");
    // then
    assertThat(read(held + held.replace("280", "80") + held).orElseThrow().heldBack()).isEqualTo(2);
  }

  private static String counted(long startNanos, int tokens, int percent, int service) {
    return line(startNanos)
        .replace(
            "\"metrics\": {",
            """
            "metrics": {"output_sequence_length": {"value": %d}, "osl_mismatch_diff_pct": \
            {"value": %d}, "usage_completion_tokens": {"value": %d}, \
            """
                .formatted(tokens, percent, service)
                .strip());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, START - 300_000_000_000_000L, START + 300_000_000_000_000L})
  void aTimeFarFromTheOthersIsNotTrusted(long odd) throws IOException {
    // when
    Requests requests = read(line(START) + line(odd) + line(START + 1)).orElseThrow();

    // then
    assertThat(requests.isComplete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 1_000})
  void aLogOfHonestRequestsIsComplete(int count) throws IOException {
    // given
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(line(START + i * 1_000_000_000L));
    }

    // then
    assertThat(read(text.toString()).orElseThrow().isComplete()).isTrue();
  }

  @Test
  @Timeout(60)
  void fieldsOfEverNewNamesAreReadAsFastAsOthers() throws IOException {
    // given
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append("{\"a").append(i).append("\": 1, \"b").append(i).append("\": 2}\n");
    }

    // then
    assertThat(read(text + line(START)).orElseThrow().count()).isEqualTo(1);
  }

  @Test
  void aLineThatIsCutOffMakesTheLogIncomplete() throws IOException {
    // when
    Requests requests = read(line(START) + line(START).substring(0, 80)).orElseThrow();

    // then
    assertThat(requests.count()).isEqualTo(1);
    assertThat(requests.isComplete()).isFalse();
  }

  @Test
  void aLineThatIsTooLongMakesTheLogIncomplete() throws IOException {
    // given
    String huge = "{\"x\": \"" + "a".repeat(3 << 20) + "\"}\n";

    // when
    Requests requests = read(line(START) + huge + line(START + 1)).orElseThrow();

    // then
    assertThat(requests.count()).isEqualTo(2);
    assertThat(requests.isComplete()).isFalse();
  }
}
