package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks of what the service answers, on both sides of their thresholds. */
class AnswerThresholdsTest {

  @ParameterizedTest
  @CsvSource({
    "400, 0, 0, silent",
    "399, 1, 0, degraded",
    "200, 200, 0, degraded",
    "199, 201, 0, invalid",
    "100, 300, 300, degraded",
  })
  void judgesErrorsByTheirShare(long succeeded, long failed, long rateLimited, String level) {
    assertThat(Attempt.honest().counts(succeeded, failed, rateLimited, 0).level("errors"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"400, 0, silent", "400, 1, degraded", "50, 50, degraded", "49, 51, invalid"})
  void judgesUnansweredRequestsByTheirShare(long succeeded, long cancelled, String level) {
    assertThat(Attempt.honest().counts(succeeded, 0, 0, cancelled).level("unanswered"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 100, silent",
    "20, 100, silent",
    "21, 100, warning",
    "0, 49, warning",
    "0, 50, silent",
    "0, 200, silent",
    "0, 201, warning",
  })
  void warnsOfLengthsOtherThanAskedFor(double mismatches, double mean, String level) {
    assertThat(
            Attempt.honest()
                .metric("osl_mismatch_count", mismatches)
                .metric("output_sequence_length", mean)
                .level("lengths"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "9, 100, 0, invalid",
    "9, 91, 9, invalid",
    "9, 90, 10, invalid",
    "9, 89, 11, warning",
    "9, 50, 50, warning",
    "9, 49, 51, silent",
    "9, 5, 5, warning",
    "9, 9, 1, invalid",
    "24, 100, 0, invalid",
    "25, 100, 0, warning",
    "89, 100, 0, warning",
    "90, 100, 0, silent",
    "100, 100, 0, silent",
    "9, 9, 0, unchecked",
  })
  void doubtsRepliesOfOneLength(int length, long equal, long others, String level) {
    Map<Integer, Long> lengths =
        others == 0 ? Map.of(length, equal) : spread(length, equal, others);
    assertThat(Attempt.honest().replies(lengths).level("replies")).isEqualTo(level);
  }

  /** The other replies all have lengths of their own. */
  private static Map<Integer, Long> spread(int length, long equal, long others) {
    Map<Integer, Long> lengths = new HashMap<>(Map.of(length, equal));
    for (int i = 0; i < others; i++) {
      lengths.put(1_000 + i, 1L);
    }
    return lengths;
  }

  @Test
  void repliesOfTheRequestedLengthAreNotCannedHoweverShort() {
    assertThat(
            Attempt.honest()
                .parameter("prompt_output_tokens_mean", 1L)
                .replies(Map.of(1, 100L))
                .level("replies"))
        .isEqualTo("silent");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 100, 290, warning",
    "2, 8, 290, warning",
    "3, 100, 290, silent", // speculative decoding sends many tokens a piece
    "2, 7, 290, silent", // so few tokens fit in one piece
    "1, 100, 270, silent",
  })
  void warnsOfStreamsThatArriveAtOnce(double chunks, double tokens, double ttft, String level) {
    assertThat(
            Attempt.honest()
                .metric("http_req_chunks_received", chunks)
                .metric("output_sequence_length", tokens)
                .metric("time_to_first_token", ttft)
                .level("stream"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 0, 110, warning", // a proxy passes on its buffer when it is full
    "9, 0, 110, warning",
    "9, 0, 290, warning", // a long reply that is collected takes several reads
    "10, 0, 110, silent", // speculative decoding
    "3, 0.5, 110, silent", // many tokens in one event
    "100, 3, 40, silent",
  })
  void warnsOfStreamsThatArriveInLargePieces(
      double chunks, double second, double ttft, String level) {
    assertThat(
            Attempt.honest()
                .metric("http_req_chunks_received", chunks)
                .metric("time_to_second_token", second)
                .metric("time_to_first_token", ttft)
                .level("stream"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 200, 10, warning", // a gateway sends a blank at once, the model takes 200 ms
    "20, 201, 10, warning",
    "5, 200, 20, silent", // the service pauses after any token
    "20, 200, 10, silent", // prefill on one GPU, decoding on another
    "200, 10, 10, silent",
  })
  void warnsOfAFirstTokenLongBeforeTheOthers(double ttft, double second, double itl, String level) {
    assertThat(
            Attempt.honest()
                .metric("time_to_first_token", ttft)
                .metric("time_to_second_token", second)
                .metric("inter_token_latency", itl)
                .level("stream"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "40, 40, silent",
    "41, 40, warning",
    "133, 40, warning", // one of three replicas is behind a proxy
    "133, 200, warning",
    "133, 201, silent", // so short that a busy client reads them at once
  })
  void warnsOfStreamsOfWhichSomeArriveAtOnce(long held, double ttft, String level) {
    assertThat(Attempt.honest().heldBack(held, ttft).level("stream")).isEqualTo(level);
    assertThat(
            Attempt.honest()
                .heldBack(held, ttft)
                .metric("credit_to_start_latency", 31)
                .level("stream"))
        .as("a client that is too slow for the load")
        .isEqualTo("silent");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 32, 271, true",
    "2, 32, 271, true",
    "3, 32, 271, false",
    "1, 31, 271, false",
    "1, -1, 271, false",
    "1, 32, 270, false",
    "1, 32, NaN, false",
    "NaN, 32, 271, false",
  })
  void knowsAReplyThatArrivesAtOnce(double chunks, int tokens, double ttft, boolean held) {
    assertThat(Requests.isHeldBack(chunks, tokens, ttft, 300)).isEqualTo(held);
  }

  @ParameterizedTest
  @CsvSource({"1, 1 piece", "1.5, 1.5 pieces", "2, 2 pieces"})
  void countsThePiecesOfAStream(double chunks, String pieces) {
    // given
    Attempt buffered =
        Attempt.honest()
            .metric("http_req_chunks_received", chunks)
            .metric("time_to_first_token", 290);
    // when
    CheckResults results = Checks.examine(buffered.evidence(), CheckRules.DEFAULTS);
    // then
    assertThat(results.findings())
        .extracting(Finding::message)
        .anyMatch(message -> message.contains(" arrive in " + pieces + ", "));
  }

  @Test
  void asksForNoStreamWithoutStreaming() {
    assertThat(Attempt.honest().parameter("streaming", false).level("stream"))
        .isEqualTo("unchecked");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 1030, some/model, silent",
    "10.5, 1030, some/model, warning",
    "30, 1030, builtin, note",
    "1, 1180, some/model, silent", // a chat template of 80 tokens, and 10 %
    "1, 1190, some/model, note", // more than a template is, but replies agree
    "1, 890, some/model, warning",
  })
  void warnsOfTokensThatAreCountedOtherwise(
      double difference, double prompt, String tokenizer, String level) {
    assertThat(
            Attempt.honest()
                .parameter("tokenizer", tokenizer)
                .metric("usage_completion_tokens_diff_pct", difference)
                .metric("usage_prompt_tokens", prompt)
                .level("tokens"))
        .isEqualTo(level);
  }

  @Test
  void reasoningTokensExplainTheDifference() {
    assertThat(
            Attempt.honest()
                .metric("usage_completion_tokens_diff_pct", 300)
                .metric("usage_reasoning_tokens", 300)
                .level("tokens"))
        .isEqualTo("note");
  }
}
