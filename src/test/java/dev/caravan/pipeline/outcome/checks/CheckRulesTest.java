package dev.caravan.pipeline.outcome.checks;

import static dev.caravan.pipeline.outcome.checks.Attempt.constant;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules of a config switch checks off, limit their levels and move their thresholds. */
class CheckRulesTest {

  @Test
  void switchOffLimitAndMoveThresholds() {
    // given
    CheckRules.Rule off = new CheckRules.Rule(true, Optional.empty(), Map.of());
    CheckRules.Rule warning = new CheckRules.Rule(false, Optional.of(Level.WARNING), Map.of());
    CheckRules.Rule wider =
        new CheckRules.Rule(false, Optional.empty(), Map.of(Level.WARNING, 10.0));
    Evidence evidence =
        Attempt.honest().counts(100, 300, 0, 0).metric("osl_mismatch_count", 9).evidence();

    // when
    CheckResults results =
        Checks.examine(
            evidence, new CheckRules(Map.of("samples", off, "errors", warning, "lengths", wider)));

    // then
    assertThat(results.unchecked()).containsEntry("samples", "switched off in the config");
    assertThat(results.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.id()).isEqualTo("errors");
              assertThat(finding.level()).isEqualTo(Level.WARNING);
            });
  }

  @Test
  void moveTheThresholdOfEachKindOfStall() {
    // given
    CheckRules rules = rules("stall", Level.DEGRADED, 5);
    double[] latencies = constant(400, 300);
    Arrays.fill(latencies, 200, 204, 2_600);

    // then
    assertThat(alarms(Attempt.honest().holdUps(1_100.0), rules)).isEmpty();
    assertThat(alarms(Attempt.honest().holdUps(501.0, 502.0, 503.0), rules)).isEmpty();
    assertThat(alarms(Attempt.honest().latencies(latencies), rules)).isEmpty();
    assertThat(alarms(Attempt.honest().holdUps(1_100.0), rules("stall", Level.DEGRADED, 1)))
        .containsExactly("stall");
  }

  private static CheckRules rules(String id, Level level, double threshold) {
    return new CheckRules(
        Map.of(id, new CheckRules.Rule(false, Optional.empty(), Map.of(level, threshold))));
  }

  private static List<String> alarms(Attempt attempt, CheckRules rules) {
    return Checks.examine(attempt.evidence(), rules).findings().stream()
        .filter(finding -> finding.level().compareTo(Level.NOTE) > 0)
        .map(Finding::id)
        .toList();
  }
}
