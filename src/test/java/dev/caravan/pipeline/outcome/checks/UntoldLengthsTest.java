package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies of which the service does not say how long they are, as of streams that break off. */
class UntoldLengthsTest {

  private static final String NONE_COUNTED =
      "use_server_token_count is set, but the service counts no tokens";

  @ParameterizedTest
  @CsvSource({
    "0, 20, unchecked",
    "20, 20, unchecked", // 5 %
    "21, 20, warning",
    "200, 20, warning",
    "200, 150, warning", // a time limit breaks off the longest
    "200, 101, unchecked", // one of two replicas says nothing
    "391, 20, unchecked", // too few others
    "400, 20, unchecked",
  })
  void areThoseOfStreamsThatBreakOffWhereNoLengthIsRequested(
      int without, int length, String level) {
    // given: whole replies have 100 tokens on average
    Attempt attempt = broken(400 - without, without, length).without("prompt_output_tokens_mean");
    // then
    assertThat(attempt.level("lengths")).isEqualTo(level);
    assertThat(attempt.parameter("streaming", false).level("lengths")).isEqualTo("unchecked");
  }

  @Test
  void sayNothingWhereALengthIsRequested() {
    assertThat(broken(200, 200, 20).level("lengths")).isEqualTo("silent");
  }

  @Test
  void areToldInNumbers() {
    // given
    Attempt attempt = broken(300, 100, 20).without("prompt_output_tokens_mean");
    // then
    assertThat(message(attempt, "lengths"))
        .isEqualTo(
            "100 of 400 streams end without the usage that the others end with: they look broken"
                + " off");
  }

  @ParameterizedTest
  @CsvSource({
    "0, unchecked",
    "40, unchecked", // 10 %
    "41, warning",
    "399, warning",
    "400, unchecked", // there is no number of tokens
  })
  void haveNoTokensWhereTheServiceCounts(long uncounted, String level) {
    for (String tokenizer : new String[] {"some/model", "builtin"}) {
      // given
      Attempt attempt =
          uncounted(uncounted)
              .parameter("use_server_token_count", true)
              .parameter("tokenizer", tokenizer);
      // then
      assertThat(attempt.level("tokens")).isEqualTo(level);
    }
    assertThat(uncounted(uncounted).level("tokens")).isEqualTo("silent");
  }

  @Test
  void areToldWhereTheServiceCounts() {
    assertThat(message(uncounted(200).parameter("use_server_token_count", true), "tokens"))
        .isEqualTo(
            "the service did not count the tokens of 200 of 400 replies, which add nothing to"
                + " tokens per second: did they break off?");
  }

  @Test
  void areSaidToBeMissingWhereTheServiceCountsNone() {
    assertThat(reason(uncounted(400))).isEqualTo(NONE_COUNTED);
    assertThat(reason(uncounted(0))).isEqualTo("use_server_token_count uses the service's counts");
    assertThat(reason(uncounted(40))).isEqualTo("use_server_token_count uses the service's counts");
  }

  private static String reason(Attempt attempt) {
    return Checks.examine(
            attempt.parameter("use_server_token_count", true).evidence(), CheckRules.DEFAULTS)
        .unchecked()
        .get("tokens");
  }

  private static Attempt uncounted(long count) {
    return Attempt.honest()
        .untold(Map.of(100, 400L), count == 0 ? Map.of() : Map.of(ReplyLengths.UNKNOWN, count));
  }

  /** Lengths scatter by a fifth. */
  private static Attempt broken(int whole, int without, int length) {
    Map<Integer, Long> missing = spread(without, length);
    Map<Integer, Long> all = new HashMap<>(spread(whole, 100));
    missing.forEach((tokens, count) -> all.merge(tokens, count, Long::sum));
    return Attempt.honest().untold(all, missing);
  }

  private static Map<Integer, Long> spread(int count, int mean) {
    Map<Integer, Long> lengths = new HashMap<>();
    for (int i = 0; i < count; i++) {
      lengths.merge(mean + (i % 2 == 0 ? mean / 5 : -mean / 5), 1L, Long::sum);
    }
    return lengths;
  }

  private static String message(Attempt attempt, String id) {
    return Checks.examine(attempt.evidence(), CheckRules.DEFAULTS).findings().stream()
        .filter(finding -> finding.id().equals(id))
        .map(Finding::message)
        .findAny()
        .orElseThrow();
  }
}
