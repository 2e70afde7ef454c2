package dev.caravan.pipeline.outcome.checks;

import static dev.caravan.pipeline.outcome.checks.Attempt.constant;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds of honest work on which all checks together stay silent above notes. */
class HonestKindsTest {

  @Test
  void reasoningModels() {
    // given: what they think counts for the service, and not as the reply
    Attempt attempt =
        Attempt.honest()
            .metric("usage_completion_tokens", 900)
            .metric("usage_completion_tokens_diff_pct", 800)
            .metric("usage_reasoning_tokens", 800)
            .latencies(constant(400, 9_000));

    // then
    assertThat(attempt.alarms()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {100, 25, 2})
  void speculativeDecodingSendsSeveralTokensAtATime(double chunks) {
    // then
    assertThat(
            Attempt.honest()
                .metric("http_req_chunks_received", chunks)
                .latencies(constant(400, 300))
                .alarms())
        .isEmpty();
  }

  @Test
  void conversationsWithThinkTime() {
    // given: most of the time, users think
    Attempt attempt =
        Attempt.honest()
            .option("conversation_turn_mean", 4L)
            .option("conversation_turn_delay_mean", 1_000L)
            .server(300_000, 1, 4, 1)
            .latencies(constant(400, 300))
            .parameter("concurrency", 16L);

    // then
    assertThat(attempt.alarms()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"mooncake_trace, fixed_schedule", "single_turn, ''"})
  void tracesAndDatasets(String type, String schedule) {
    // given: with shared prefixes, idle times and prompts that grow
    double[] latencies = new double[400];
    Arrays.setAll(latencies, i -> 100 + i * 5.0);
    Attempt attempt =
        Attempt.honest()
            .parameter("input_file", "trace.jsonl")
            .parameter("custom_dataset_type", type)
            .without("prompt_output_tokens_mean")
            .option(schedule.isEmpty() ? "dataset_sampling_strategy" : schedule, true)
            .server(390_000, 1, 4, 1)
            .latencies(latencies);

    // then
    assertThat(attempt.alarms()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shared_system_prompt_length", "prompt_prefix_length", "system_prompt"})
  void sharedSystemPromptsAndPrefixCachingThatIsAskedFor(String option) {
    // given: nine tenths of the prompt are cached
    Attempt attempt =
        Attempt.honest()
            .option(option, 900L)
            .metric("usage_prompt_cache_read_tokens", 900)
            .latencies(constant(400, 300));

    // then
    assertThat(attempt.alarms()).isEmpty();
  }

  @Test
  void rateLimitedServicesBelowTheirLimit() {
    // given
    Attempt attempt =
        Attempt.honest()
            .parameter("request_rate", 5.0)
            .parameter("concurrency", 64L)
            .latencies(constant(150, 300));

    // then
    assertThat(attempt.alarms()).isEmpty();
  }

  @Test
  void poissonRates() {
    // given
    Random random = new Random(7);
    int alarms = 0;

    // when
    for (int run = 0; run < 1_000; run++) {
      double rate = 0.5 + run % 40;
      int count = 0;
      for (double time = 0; time < 30; time -= Math.log(1 - random.nextDouble()) / rate) {
        count++;
      }
      Attempt attempt =
          Attempt.honest()
              .parameter("request_rate", rate)
              .parameter("concurrency", 200L)
              .latencies(constant(count - 1, 300));
      alarms += attempt.alarms().isEmpty() ? 0 : 1;
    }

    // then
    assertThat(alarms).isLessThanOrEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 8})
  void veryShortOutputs(long tokens) {
    // given: the service also counts the end of a reply
    Attempt attempt =
        Attempt.honest()
            .parameter("prompt_output_tokens_mean", tokens)
            .metric("output_sequence_length", tokens)
            .metric("usage_completion_tokens", tokens + 1)
            .metric("usage_completion_tokens_diff_pct", 100.0 / tokens)
            .metric("request_latency", 45)
            .metric("http_req_chunks_received", Math.min(tokens, 2))
            .metric("time_to_first_token", tokens < 8 ? 44 : 38)
            .latencies(constant(400, 45));

    // then
    assertThat(attempt.alarms()).isEmpty();
  }

  @Test
  void answersInJson() {
    // given: all are {"answer": "yes"}, whatever length was allowed
    Attempt attempt =
        Attempt.honest()
            .option("extra_inputs", "{\"response_format\": {\"type\": \"json_object\"}}")
            .replies(Map.of(7, 400L))
            .metric("output_sequence_length", 7)
            .metric("osl_mismatch_count", 400);

    // then
    assertThat(attempt.alarms()).noneMatch(alarm -> alarm.matches(".* (replies|lengths)"));
  }

  @Test
  void embeddings() {
    // given
    Attempt attempt =
        Attempt.honest()
            .parameter("endpoint_type", "embeddings")
            .parameter("streaming", false)
            .without("prompt_output_tokens_mean")
            .noMetric("output_sequence_length")
            .noMetric("time_to_first_token")
            .noMetric("usage_completion_tokens_diff_pct")
            .option("prompt_batch_size", 16L)
            .server(0, 64, 64, 1)
            .latencies(constant(400, 30));

    // then
    assertThat(attempt.alarms()).isEmpty();
  }

  @Test
  void aFewLongPrompts() {
    // given
    Attempt attempt =
        Attempt.honest()
            .parameter("concurrency", 1L)
            .parameter("benchmark_duration", 60L)
            .parameter("prompt_input_tokens_mean", 32_000L)
            .metric("input_sequence_length", 32_000)
            .metric("usage_prompt_tokens", 32_950) // a template, and merges at seams of words
            .metric("request_latency", 12_000)
            .metric("time_to_first_token", 9_000)
            .metric("benchmark_duration", 61)
            .server(16 * 5, 1, 1, 1)
            .latencies(constant(5, 12_000));

    // then
    assertThat(attempt.alarms()).isEmpty();
  }

  @Test
  void twoReplicasBehindOneUrl() {
    // given: aiperf reads the metrics of one, or of both in turn
    for (int engines : new int[] {1, 2}) {
      Attempt attempt = Attempt.honest().server(0, 2, 4, engines).latencies(constant(400, 300));

      // then
      assertThat(attempt.alarms()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "meta/llama-3.3-70b, meta-llama/Llama-3.3-70B, 9, silent",
    "meta/llama-3.3-70b, meta-llama/Llama-3.3-70B, 11, warning",
    "meta/llama-3.3-70b, o200k_base, 1.9, silent",
    "meta/llama-3.3-70b, o200k_base, 2.1, warning",
    "meta/llama-3.3-70b, builtin, 9, silent",
    "meta/llama-3.3-70b, builtin, 11, note",
  })
  void aTokenizerOfAnotherNameIsTrustedWhereTheServiceCountsAlike(
      String model, String tokenizer, double percent, String level) {
    // then
    assertThat(
            Attempt.honest()
                .parameter("model", model)
                .parameter("tokenizer", tokenizer)
                .metric("usage_completion_tokens_diff_pct", percent)
                .level("tokens"))
        .isEqualTo(level);
  }
}
