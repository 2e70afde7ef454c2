package dev.caravan.pipeline.outcome.checks;

import static dev.caravan.pipeline.outcome.checks.Attempt.constant;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks of the load that the service is put under, on both sides of their thresholds. */
class LoadThresholdsTest {

  @ParameterizedTest
  @CsvSource({
    "4, silent",
    "5, note", // 3.6 of 5 would be degraded: see below
  })
  void notesConnectionsThatAreNotBusy(long concurrency, String level) {
    // given
    Attempt attempt = Attempt.honest().latencies(constant(400, 300));

    // then
    assertThat(attempt.parameter("concurrency", concurrency).level("load")).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"6, 2, degraded", "9, 2, degraded", "9, 40, invalid"})
  void judgesAConcurrencyThatIsNotReached(long concurrency, double waitInClient, String level) {
    assertThat(
            Attempt.honest()
                .metric("credit_to_start_latency", waitInClient)
                .latencies(constant(400, 300))
                .parameter("concurrency", concurrency)
                .level("load"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "300, silent", // as asked for
    "250, silent", // within the scatter of a Poisson process
    "245, note",
    "175, note",
    "172, degraded",
  })
  void judgesARateBeyondItsScatter(int started, String level) {
    assertThat(
            Attempt.honest()
                .parameter("request_rate", 10.0)
                .requests(new long[started], new float[started], Map.of(), started)
                .level("load"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "single_turn, 295, silent",
    "single_turn, 240, note",
    "single_turn, 100, degraded",
    "random_pool, 100, degraded",
    "multi_turn, 300, silent",
    "multi_turn, 100, note", // conversations end one by one
    "'', 100, note", // of a format that aiperf finds out
  })
  void judgesTheRateOfTheRequestsOfAFile(String type, int started, String level) {
    // given: in 30 s
    long[] starts = new long[started];
    Arrays.setAll(starts, i -> i * 30_000_000_000L / started);
    Attempt attempt =
        Attempt.honest()
            .parameter("input_file", "prompts.jsonl")
            .parameter("request_rate", 10.0)
            .requests(starts, new float[started], Map.of(), started);
    // then
    assertThat(
            (type.isEmpty() ? attempt : attempt.parameter("custom_dataset_type", type))
                .level("load"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"single_turn, degraded", "random_pool, degraded", "multi_turn, unchecked"})
  void judgesTheConcurrencyOfTheRequestsOfAFile(String type, String level) {
    // given
    Attempt attempt =
        Attempt.honest()
            .parameter("input_file", "prompts.jsonl")
            .parameter("custom_dataset_type", type)
            .latencies(constant(400, 300));
    // then
    assertThat(attempt.parameter("concurrency", 6L).level("load")).isEqualTo(level);
    assertThat(attempt.parameter("concurrency", 4L).level("load"))
        .isEqualTo(level.equals("unchecked") ? level : "silent");
    assertThat(attempt.option("fixed_schedule", true).level("load")).isEqualTo("unchecked");
  }

  @Test
  void aFileThatEndsBeforeTheTimeIsOverKeepsItsRate() {
    // given: 100 requests in 10 s of 30
    long[] starts = new long[100];
    Arrays.setAll(starts, i -> i * 100_000_000L);
    Attempt attempt =
        Attempt.honest()
            .parameter("input_file", "trace.jsonl")
            .parameter("custom_dataset_type", "mooncake_trace")
            .option("no_fixed_schedule", true)
            .parameter("request_rate", 10.0)
            .requests(starts, new float[100], Map.of(), 100);
    // then
    assertThat(attempt.level("load")).isEqualTo("silent");
  }

  @Test
  void thinkTimesAndTracesSetTheLoadThemselves() {
    assertThat(
            Attempt.honest()
                .option("conversation_turn_delay_mean", 500L)
                .latencies(constant(400, 30))
                .level("load"))
        .isEqualTo("unchecked");
    assertThat(
            Attempt.honest()
                .parameter("input_file", "trace.jsonl")
                .latencies(constant(400, 30))
                .level("load"))
        .isEqualTo("unchecked");
  }

  @ParameterizedTest
  @CsvSource({
    "0, silent",
    "3, silent",
    "7.5, note",
    "15, note",
    "20, warning",
    "31, warning", // which is longer than the run
  })
  void knowsThatARampLowersTheLoadOfTheWholeRun(double ramp, String level) {
    // given: a connection starts after the other, as busy as they can be in 30 s
    int connections = 8;
    List<Long> starts = new ArrayList<>();
    for (int each = 0; each < connections; each++) {
      for (double at = ramp * each / connections; at < 30; at += 0.3) {
        starts.add((long) (at * 1e9));
      }
    }
    float[] latencies = new float[starts.size()];
    Arrays.fill(latencies, 300);
    Attempt attempt =
        Attempt.honest()
            .parameter("concurrency", (long) connections)
            .option("concurrency_ramp_duration", ramp)
            .requests(
                starts.stream().mapToLong(Long::longValue).toArray(),
                latencies,
                Map.of(),
                latencies.length);
    // then
    assertThat(attempt.level("load")).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 150, degraded",
    "2, 290, silent",
    "15, 225, note",
    "30, 150, warning",
    "30, 450, degraded", // no ramp makes them more
  })
  void knowsThatARampLowersTheRateOfTheWholeRun(long ramp, int started, String level) {
    // given: in 30 s
    Attempt attempt =
        Attempt.honest()
            .parameter("request_rate", 10.0)
            .option(ramp == 0 ? "random_seed" : "request_rate_ramp_duration", ramp)
            .requests(new long[started], new float[started], Map.of(), started);
    // then
    assertThat(attempt.level("load")).isEqualTo(level);
  }

  @Test
  void advisesALongerRunForARamp() {
    // given
    Attempt attempt =
        Attempt.honest()
            .parameter("request_rate", 10.0)
            .option("request_rate_ramp_duration", 20L)
            .requests(
                LongStream.range(0, 150).map(i -> i * 200_000_000).toArray(),
                new float[150],
                Map.of(),
                150);
    // then
    assertThat(advice(attempt)).isEqualTo("benchmark_duration: 240 # or a shorter ramp");
    assertThat(advice(attempt.option("request_count", 100L)))
        .isEqualTo("make the run longer than 240 s, or its ramp shorter");
  }

  private static String advice(Attempt attempt) {
    return Checks.examine(attempt.evidence(), CheckRules.DEFAULTS).findings().stream()
        .filter(finding -> finding.id().equals("load"))
        .map(Finding::advice)
        .findAny()
        .orElseThrow();
  }

  @Test
  void aLogThatLacksRequestsTellsNothingAboutTheLoad() {
    // given
    Attempt attempt =
        Attempt.honest()
            .parameter("request_rate", 10.0)
            .latencies(constant(100, 300))
            .counts(300, 0, 0, 0);

    // then
    assertThat(attempt.level("load")).isEqualTo("unchecked");
    assertThat(attempt.level("steady")).isEqualTo("unchecked");
  }

  @ParameterizedTest
  @CsvSource({"9, silent", "9.3, note", "30, note", "31, degraded"})
  void judgesTheWaitInTheClient(double wait, String level) {
    assertThat(Attempt.honest().metric("credit_to_start_latency", wait).level("client"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4, 1, silent",
    "5, 5, 1, silent",
    "5.1, 4, 1, warning",
    "3, 6, 1, warning",
    "20, 20, 2, unchecked",
  })
  void warnsOfRequestsOfOthers(double running, double mostRunning, int engines, String level) {
    assertThat(Attempt.honest().server(0, running, mostRunning, engines).level("alone"))
        .isEqualTo(level);
  }
}
