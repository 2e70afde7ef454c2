package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Work that looks like a fault and is none, or less of one than it looks. */
class HonestWorkTest {

  @ParameterizedTest
  @CsvSource({"0.6, 20, note", "2, 5, note", "9.9, 50, note", "10.1, 50, degraded"})
  void aFewMillisecondsInAiperfAreNormalHoweverFastTheService(
      double wait, double latency, String level) {
    // then
    assertThat(
            Attempt.honest()
                .metric("credit_to_start_latency", wait)
                .metric("request_latency", latency)
                .level("client"))
        .isEqualTo(wait / latency > 0.03 ? level : "silent");
  }

  @Test
  void severalChoicesOfEachRequestAreItsOwn() {
    // given: vLLM counts every choice and every input as a request
    Map<String, Object> map = Map.of("temperature", 0.7, "n", 4L);

    // then
    for (Object extra : List.of(map, List.of("n:4"), "{\"n\": 4}")) {
      Attempt attempt = Attempt.honest().option("extra_inputs", extra);
      assertThat(attempt.server(0, 16, 16, 1).level("alone")).isEqualTo("silent");
      assertThat(attempt.server(0, 18, 18, 1).level("alone")).isEqualTo("warning");
    }
    assertThat(
            Attempt.honest()
                .option("extra_inputs", Map.of("min_n", 4L))
                .server(0, 16, 16, 1)
                .level("alone"))
        .isEqualTo("warning");
  }

  @Test
  void severalInputsOfEachEmbeddingAreItsOwn() {
    // given
    Attempt attempt = Attempt.honest().option("prompt_batch_size", 8L);

    // then
    assertThat(attempt.server(0, 32, 32, 1).level("alone")).isEqualTo("silent");
    assertThat(attempt.server(0, 34, 34, 1).level("alone")).isEqualTo("warning");
  }

  @Test
  void conversationsThatEndOneByOneAreNoMoreThanANote() {
    // given: three connections have nothing more to do after half of the run
    double[] latencies = new double[400];
    Arrays.fill(latencies, 300);
    Attempt half = Attempt.honest().latencies(latencies).parameter("concurrency", 7L);

    // then
    assertThat(half.level("load")).isEqualTo("degraded");
    assertThat(half.option("conversation_turn_mean", 5L).level("load")).isEqualTo("note");
    assertThat(half.parameter("request_rate", 100.0).level("load")).isEqualTo("note");
  }

  @ParameterizedTest
  @ValueSource(strings = {"response_format", "guided_json", "structured_outputs", "stop"})
  void answersOfAGivenFormAreNotBlocked(String input) {
    // given
    Attempt attempt =
        Attempt.honest().option("extra_inputs", Map.of(input, "x")).replies(Map.of(9, 100L));

    // then
    assertThat(attempt.level("replies")).isEqualTo("note");
    assertThat(attempt.metric("output_sequence_length", 9).level("lengths")).isEqualTo("note");
  }

  @Test
  void aLongChatTemplateOrAnImageIsNoWrongTokenizer() {
    // given
    Attempt attempt = Attempt.honest().metric("usage_prompt_tokens", 1_500);

    // then
    assertThat(attempt.level("tokens")).isEqualTo("note");
    assertThat(attempt.metric("usage_completion_tokens_diff_pct", 30).level("tokens"))
        .isEqualTo("warning");
  }

  @Test
  void anotherFailureDoesNotMakeAnOverloadInvalid() {
    // then
    assertThat(Attempt.honest().counts(100, 301, 300, 0).level("errors")).isEqualTo("degraded");
    assertThat(Attempt.honest().counts(100, 600, 300, 0).level("errors")).isEqualTo("degraded");
    assertThat(Attempt.honest().counts(100, 600, 200, 0).level("errors")).isEqualTo("invalid");
  }
}
