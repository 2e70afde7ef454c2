package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.SampleTree;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRatesTest {

  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void tellsWhatTheLastTenSecondsDelivered() {
    // given: two requests a second for 20 s, the later ones slower
    StringBuilder log = new StringBuilder(line("warmup", 0, 1, 9, ""));
    for (int at = 0; at < 40; at++) {
      log.append(line("profiling", 500 * at, 500 * (at + 1), at < 20 ? 100 : 200, ""));
    }
    log.append("{\"metadata\": {\"request_start_ns\": 17");
    SampleTree.write(folder.resolve("profile_export.jsonl"), log.toString());

    // then
    assertThat(LiveRates.of(folder, START.plusSeconds(21)))
        .isEqualTo("last 10 s: 2 req/s · 40 tokens/s · TTFT p50 200 ms · n = 20");
    assertThat(LiveRates.of(folder, START.plusSeconds(16)))
        .as("ten of 100 ms and ten of 200 ms")
        .isEqualTo("last 10 s: 2 req/s · 40 tokens/s · TTFT p50 150 ms · n = 20");
    assertThat(LiveRates.of(folder, START.plusSeconds(6)))
        .as("since the first start")
        .isEqualTo("last 5 s: 2 req/s · 40 tokens/s · TTFT p50 100 ms · n = 10");
    assertThat(LiveRates.of(folder, START.plusSeconds(40)))
        .as("a service that hangs")
        .isEqualTo("last 10 s: 0 req/s · n = 0");
  }

  @Test
  void leavesOutFailedRequests() {
    // given
    StringBuilder log = new StringBuilder();
    for (int at = 0; at < 10; at++) {
      String error = at % 2 == 0 ? "" : ",\"error\":{\"message\":\"x\"}";
      log.append(line("profiling", 500 * at, 500 * (at + 1), 100, error));
    }
    SampleTree.write(folder.resolve("profile_export.jsonl"), log.toString());

    // then
    assertThat(LiveRates.of(folder, START.plusSeconds(6))).startsWith("last 5 s: 1 req/s");
  }

  @Test
  void saysNothingBeforeASecondWasMeasured() {
    // given
    assertThat(LiveRates.of(folder, START)).isEmpty();
    SampleTree.write(
        folder.resolve("profile_export.jsonl"), line("profiling", 0, 500, 100, "") + "garbage\n");

    // then
    assertThat(LiveRates.of(folder, START.plusMillis(1500))).isEmpty();
  }

  @Test
  void tellsTheRatesOfAServiceThatFillsTheUsualTailWithinASecond() {
    // given: 500 requests a second, each in a line of 1.9 kB, and 4,000 a second
    assertThat(rates(500)).startsWith("last 4 s: 500 req/s");
    assertThat(rates(3400)).matches("last 0[.]\\d+ s: 3[,.]?4.*");
  }

  @Test
  void readsNoLongerTailThanTheWarmupFills() {
    // given
    String padding = ",\"padding\":\"" + "x".repeat(1700) + "\"";
    String warmup = line("warmup", 0, 1, 9, padding).repeat(700);
    StringBuilder measured = new StringBuilder();
    for (int at = 0; at < 6; at++) {
      measured.append(line("profiling", 500 * at, 500 * (at + 1), 100, ""));
    }

    // when: nothing was measured within the usual tail
    SampleTree.write(folder.resolve("profile_export.jsonl"), measured + warmup);

    // then
    assertThat(LiveRates.of(folder, START.plusSeconds(4))).isEmpty();

    // when: all that was measured is within the usual tail
    SampleTree.write(folder.resolve("profile_export.jsonl"), warmup + measured);

    // then
    assertThat(LiveRates.of(folder, START.plusSeconds(4)))
        .as("since the first start")
        .isEqualTo("last 3 s: 2 req/s · 40 tokens/s · TTFT p50 100 ms · n = 6");
  }

  private String rates(int perSecond) {
    StringBuilder log = new StringBuilder();
    String padding = ",\"padding\":\"" + "x".repeat(1700) + "\"";
    for (int at = 0; at < 5 * perSecond; at++) {
      int end = 1000 * at / perSecond;
      log.append(line("profiling", Math.max(0, end - 100), end, 100, padding));
    }
    SampleTree.write(folder.resolve("profile_export.jsonl"), log.toString());
    return LiveRates.of(folder, START.plusSeconds(5));
  }

  private static String line(String phase, int from, int to, int ttft, String error) {
    return """
        {"metadata":{"request_start_ns":%d,"request_end_ns":%d,"benchmark_phase":"%s"},\
        "metrics":{"time_to_first_token":{"value":%d},"output_sequence_length":{"value":20}}%s}
        """
        .formatted(nanos(from), nanos(to), phase, ttft, error);
  }

  private static long nanos(int millis) {
    return START.plusMillis(millis).toEpochMilli() * 1_000_000;
  }
}
