package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.checks.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
