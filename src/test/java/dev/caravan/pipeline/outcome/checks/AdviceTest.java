package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What checks advise, which must help with the config that it is given for. */
class AdviceTest {

  @ParameterizedTest
  @CsvSource({"0, 120", "30, 120", "60, 240", "300, 1200"})
  void isALongerGracePeriodThanThatOfTheConfig(double given, String longer) {
    // given
    Attempt attempt = Attempt.honest().counts(390, 0, 0, 10);
    // when
    String advice = advice(attempt.option("benchmark_grace_period", given), "unanswered");
    // then
    assertThat(advice).startsWith("aiperf_options: {benchmark_grace_period: " + longer + "} #");
  }

  @Test
  void isForTheNameOfTheLimitOnlyWhereItHasAnother() {
    // given
    Attempt attempt = Attempt.honest().metric("output_sequence_length", 900);
    // then
    assertThat(advice(attempt, "lengths")).startsWith("use_legacy_max_tokens: true");
    for (String type : new String[] {"completions", "messages", "responses"}) {
      assertThat(advice(attempt.parameter("endpoint_type", type), "lengths"))
          .isEqualTo("use a service that honours max_tokens");
    }
  }

  @Test
  void isALongerRunByWhatEndedIt() {
    // given
    Attempt attempt = Attempt.honest().counts(92, 0, 0, 0);
    // then
    assertThat(advice(attempt, "samples")).isEqualTo("benchmark_duration: 180");
    assertThat(advice(attempt.option("request_count", 1_000L), "samples"))
        .isEqualTo("benchmark_duration: 180");
    assertThat(advice(attempt.option("request_count", 300L), "samples"))
        .isEqualTo("benchmark_duration: 180 # and aiperf_options: {request_count: 552}");
    assertThat(advice(attempt.option("request_count", 92L).seconds(2), "samples"))
        .isEqualTo("aiperf_options: {request_count: 552}");
    assertThat(advice(attempt.seconds(20), "samples"))
        .isEqualTo("benchmark_duration: 120 # and aiperf_options: {request_count: 552}");
    assertThat(advice(attempt.without("benchmark_duration"), "samples"))
        .isEqualTo("aiperf_options: {request_count: 552}");
  }

  @Test
  void isMoreConversationsWhereTheirNumberEndsTheRun() {
    // given
    Attempt attempt =
        Attempt.honest().option("conversation_num", 20L).seconds(2).counts(92, 0, 0, 0);
    // then
    assertThat(advice(attempt, "samples")).isEqualTo("aiperf_options: {conversation_num: 120}");
  }

  @ParameterizedTest
  @CsvSource({
    "chat, true, 'vary_prompts: true'",
    "completions, true, 'aiperf_options: {num_dataset_entries: 600}'",
    "embeddings, true, 'aiperf_options: {num_dataset_entries: 600}'",
    "completions, false, 'vary_prompts: true'",
  })
  void isMorePromptsWhereTheyCannotBeMadeToDiffer(String type, boolean repeats, String expected) {
    // given
    Attempt attempt =
        Attempt.honest()
            .parameter("endpoint_type", type)
            .requests(new long[400], new float[400], Map.of(), repeats ? 100 : 400)
            .server(200_000, 4, 4, 1);
    // then
    assertThat(advice(attempt, "cache")).isEqualTo(expected);
  }

  private static String advice(Attempt attempt, String id) {
    return Checks.examine(attempt.evidence(), CheckRules.DEFAULTS).findings().stream()
        .filter(finding -> finding.id().equals(id))
        .findAny()
        .orElseThrow()
        .advice();
  }
}
