package dev.caravan.pipeline.outcome.checks;

import static dev.caravan.pipeline.outcome.checks.Attempt.constant;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** All checks together: what they are called, which apply, and which finding comes first. */
class ChecksTest {

  @Test
  void areFoundByTheirIds() {
    for (int i = 0; i < Checks.ALL.size(); i++) {
      Check check = Checks.ALL.get(i);
      assertThat(Checks.find(check.id())).containsSame(check);
      assertThat(Checks.position(check.id())).isEqualTo(i);
    }
    assertThat(Checks.find("none of them")).isEmpty();
    assertThat(Checks.position("none of them")).isEqualTo(Checks.ALL.size());
  }

  @Test
  void areDescribed() {
    assertThat(Checks.ALL)
        .allSatisfy(
            check -> {
              assertThat(check.id()).matches("[a-z]+");
              assertThat(check.description().rule()).isNotBlank();
              assertThat(check.description().why()).endsWith(".");
              assertThat(check.description().thresholds().byLevel()).isNotEmpty();
            });
    assertThat(Checks.ALL).extracting(Check::id).doesNotHaveDuplicates();
  }

  @Test
  void adviseByALineOfAConfigOrInTheImperative() {
    for (Check check : Checks.ALL) {
      assertThat(check.description().advice())
          .matches("(\\w+: |(find|give|run|send|slew|turn|use) ).*");
    }
  }

  @Test
  void nameTheWorstFindingFirst() {
    // when
    CheckResults results =
        Checks.examine(
            Attempt.honest().counts(100, 300, 0, 0).metric("osl_mismatch_count", 90).evidence(),
            CheckRules.DEFAULTS);

    // then
    assertThat(results.findings())
        .extracting(Finding::id)
        .containsExactly("errors", "lengths", "samples");
    assertThat(results.worst(Level.INVALID)).map(Finding::id).hasValue("errors");
  }

  @Test
  void applyToEmbeddingsWhereTheyCan() {
    // given
    Attempt embeddings =
        Attempt.honest()
            .parameter("streaming", false)
            .without("prompt_output_tokens_mean")
            .noMetric("output_sequence_length")
            .noMetric("time_to_first_token")
            .noMetric("usage_completion_tokens_diff_pct")
            .latencies(constant(400, 30));

    // when
    CheckResults results = Checks.examine(embeddings.evidence(), CheckRules.DEFAULTS);

    // then
    assertThat(results.findings()).isEmpty();
    assertThat(results.unchecked()).containsKeys("lengths", "replies", "stream", "tokens");
    assertThat(results.checked()).contains("errors", "load", "client", "steady");
  }
}
