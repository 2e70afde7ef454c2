package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyLengthsTest {

  @ParameterizedTest
  @CsvSource({
    "32, 25, 32, true",
    "32, 40, 32, true",
    "32, 31, 32, false", // aiperf finds nothing wrong
    "100, 60, 95, true",
    "100, 60, 94, false",
    "2000, 1500, 1950, true",
    "2000, 1500, 1949, false",
    "32, 16, 32, true",
    "32, 15, 32, false", // no tokenizer is that far off
    "32, 64, 32, true",
    "32, 65, 32, false",
    "32, 25, -1, false",
    "NaN, 25, 32, false",
    "Infinity, 25, 32, false",
  })
  void believeTheServiceAsFarAsTokenizersDiffer(
      double requested, int aiperf, int service, boolean miscounted) {
    assertThat(ReplyLengths.isMiscounted(requested, aiperf, service)).isEqualTo(miscounted);
  }

  @ParameterizedTest
  @CsvSource({
    "400, 400, silent",
    "400, 380, silent",
    "400, 379, warning",
    "40, 20, silent",
    "41, 20, warning",
    "0, 0, silent"
  })
  void areNotCountedAsWrong(double mismatches, long miscounted, String level) {
    // given
    Attempt attempt =
        Attempt.honest()
            .miscounted(miscounted)
            .metric("osl_mismatch_count", mismatches)
            .metric("output_sequence_length", 78);
    // then
    assertThat(attempt.level("lengths")).isEqualTo(level);
  }

  @Test
  void areWrongAsAiperfCountsThemWhenTheLogIsEmpty() {
    // given
    Attempt attempt =
        shortReplies().requests(new long[0], new float[0], Map.of(), 0).counts(400, 0, 0, 0);
    // then
    assertThat(attempt.level("lengths")).isEqualTo("warning");
  }

  @Test
  void areToldAsTheServiceCountsThem() {
    // given: one in ten is short
    Attempt attempt =
        Attempt.honest()
            .miscounted(360)
            .metric("osl_mismatch_count", 400)
            .metric("output_sequence_length", 78)
            .metric("usage_completion_tokens", 95);
    // then
    assertThat(found(attempt).message())
        .isEqualTo(
            "40 of 400 replies differ from the requested length: 95 tokens on average instead of"
                + " 100");
  }

  @Test
  void giveAdviceThatTheConfigLacks() {
    for (Map.Entry<Object, String> known :
        List.of(
            Map.<Object, String>entry(Map.of("top_k", 5L), "ignore_eos: true, min_tokens: 100"),
            Map.<Object, String>entry(Map.of("ignore_eos", true), "{min_tokens: 100}"),
            Map.<Object, String>entry(List.of("ignore_eos:true"), "{min_tokens: 100}"),
            Map.<Object, String>entry("{\"ignore_eos\": true}", "{min_tokens: 100}"),
            Map.<Object, String>entry(
                Map.of("ignore_eos", false), "ignore_eos: true, min_tokens: 100"),
            Map.<Object, String>entry(Map.of("min_tokens", 100L), "{ignore_eos: true}"),
            Map.<Object, String>entry(Map.of("min_tokens", 10L), "ignore_eos: true, min_tokens"),
            Map.<Object, String>entry(
                List.of("ignore_eos:true", "min_tokens:100"), "a service that honours"))) {
      // given
      Attempt attempt = shortReplies().option("extra_inputs", known.getKey());
      // then
      assertThat(found(attempt).advice()).as(known.toString()).contains(known.getValue());
    }
  }

  @Test
  void giveOtherAdviceWhereMaxTokensIsSetAlready() {
    // given
    Attempt attempt =
        Attempt.honest().metric("osl_mismatch_count", 400).metric("output_sequence_length", 900);
    // then
    assertThat(found(attempt).advice()).startsWith("use_legacy_max_tokens: true");
    assertThat(found(attempt.parameter("use_legacy_max_tokens", true)).advice())
        .isEqualTo("use a service that honours max_tokens");
  }

  @Test
  void areOfTheirRequestsWhereThoseDrawThem() {
    // given: sglang's range goes from nothing to the mean
    Attempt attempt =
        Attempt.honest()
            .option("random_range_ratio", "0")
            .option("random_corpus_style", "sglang")
            .replies(50.5, Map.of(1, 100L, 40, 100L, 61, 100L, 100, 100L))
            .metric("output_sequence_length", 49);
    // then
    assertThat(attempt.level("lengths")).isEqualTo("silent");
    assertThat(attempt.metric("output_sequence_length", 24).level("lengths")).isEqualTo("warning");
    assertThat(found(attempt).message()).endsWith("24 tokens on average instead of 50.5");
  }

  @Test
  void areKnownOfAListOfLengths() {
    // given: whatever the other key says
    Attempt attempt =
        Attempt.honest()
            .option("seq_dist", "128,512:100")
            .replies(512, Map.of(512, 400L))
            .metric("output_sequence_length", 512);
    // then
    assertThat(attempt.alarms()).isEmpty();
    assertThat(attempt.without("prompt_output_tokens_mean").level("lengths")).isEqualTo("silent");
    assertThat(attempt.metric("osl_mismatch_count", 40).level("lengths")).isEqualTo("warning");
    assertThat(attempt.replies(512, Map.of(9, 400L)).level("replies")).isEqualTo("invalid");
  }

  @Test
  void giveNoLeastTokensThatSomeRequestsDoNotAllow() {
    assertThat(found(shortReplies().parameter("prompt_output_tokens_stddev", 20.0)).advice())
        .isEqualTo("aiperf_options: {extra_inputs: {ignore_eos: true}}");
    assertThat(found(shortReplies().parameter("prompt_output_tokens_stddev", 0.0)).advice())
        .isEqualTo("aiperf_options: {extra_inputs: {ignore_eos: true, min_tokens: 100}}");
    assertThat(
            found(
                    shortReplies()
                        .option("random_range_ratio", "0.5")
                        .replies(100, Map.of(70, 400L))
                        .metric("osl_mismatch_count", 400))
                .advice())
        .isEqualTo("aiperf_options: {extra_inputs: {ignore_eos: true}}");
  }

  private static Attempt shortReplies() {
    return Attempt.honest().metric("osl_mismatch_count", 400).metric("output_sequence_length", 70);
  }

  private static Finding found(Attempt attempt) {
    return Checks.examine(attempt.evidence(), CheckRules.DEFAULTS).findings().stream()
        .filter(finding -> finding.id().equals("lengths"))
        .findAny()
        .orElseThrow();
  }
}
