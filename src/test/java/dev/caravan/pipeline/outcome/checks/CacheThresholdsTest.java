package dev.caravan.pipeline.outcome.checks;

import static dev.caravan.pipeline.outcome.checks.Attempt.constant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.ServiceSightings;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The check of cached prompts, on both sides of its thresholds, by what the service tells of them.
 */
class CacheThresholdsTest {

  @ParameterizedTest
  @CsvSource({
    "46, silent", // a template of 30 tokens and the margin
    "55, silent",
    "57, note",
    "146, note",
    "147, warning",
  })
  void judgesByUsage(double cached, String level) {
    assertThat(Attempt.honest().metric("usage_prompt_cache_read_tokens", cached).level("cache"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "900, 900, silent", // one of 400 prompts, as vLLM says nothing of the others
    "300, 120000, warning",
    "900, 360000, warning",
  })
  void repliesThatSayNothingOfACacheHadNoneOfIt(double mean, double sum, String level) {
    assertThat(
            Attempt.honest()
                .metric("usage_prompt_cache_read_tokens", mean)
                .sum("usage_prompt_cache_read_tokens", sum)
                .level("cache"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"36000, silent", "70000, note", "90000, warning"})
  void judgesByCountersWithoutUsage(double hits, String level) {
    assertThat(
            Attempt.honest().noMetric("usage_prompt_tokens").server(hits, 4, 4, 1).level("cache"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"100, 100, silent", "100, 95, silent", "100, 94, note"})
  void notesEqualPromptsWithoutCounters(int sent, long distinct, String level) {
    assertThat(
            Attempt.honest()
                .requests(new long[sent], new float[sent], Map.of(100, (long) sent), distinct)
                .level("cache"))
        .isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "shared_system_prompt_length",
    "prompt_prefix_length",
    "user_context_prompt_length",
    "conversation_turn_mean"
  })
  void aSharedPrefixIsWhatIsMeasured(String option) {
    assertThat(
            Attempt.honest()
                .option(option, 500L)
                .metric("usage_prompt_cache_read_tokens", 900)
                .level("cache"))
        .isEqualTo("unchecked");
  }

  @Test
  void promptsOfAnEarlierRunAreANoteWhereTheServiceDoesNotSayWhatItCaches() {
    // given
    Attempt repeated =
        Attempt.honest()
            .latencies(constant(400, 300))
            .environment(prompts("abc"))
            .earlierPrompts("abc", "run 1");

    // then
    assertThat(repeated.level("cache")).isEqualTo("note");
    assertThat(repeated.earlierPrompts("def", "run 1").level("cache")).isEqualTo("silent");
    assertThat(
            repeated
                .earlierPrompts("abc", "run 1")
                .option("cache_bust", "first_turn_prefix")
                .level("cache"))
        .isEqualTo("silent");
  }

  private static Environment prompts(String digest) {
    Moment moment = new Moment(OffsetDateTime.parse("2026-11-28T12:00:00Z"), 1, Map.of());
    return new Environment(
        1, Map.of(), Map.of(), moment, moment, List.of(), ServiceSightings.NONE, digest);
  }
}
