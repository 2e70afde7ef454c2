package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.pipeline.outcome.checks.Check;
import dev.caravan.pipeline.outcome.checks.Checks;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksSectionTest {

  private static Map<String, CheckSetting> read(String checks) {
    return FixedRules.read(BASE + "checks: {" + checks + "}\n").checks();
  }

  @Test
  void readsLevelsAndThresholds() {
    assertThat(read("cache: off, replies: invalid, lengths: {warning: 10%, note: 2.5}"))
        .isEqualTo(
            Map.of(
                "cache",
                CheckSetting.OFF,
                "replies",
                new CheckSetting(false, Optional.of("invalid"), Map.of()),
                "lengths",
                new CheckSetting(false, Optional.empty(), Map.of("warning", 10.0, "note", 2.5))));
  }

  @Test
  void setsNothingByDefault() {
    assertThat(read("")).isEmpty();
    assertThat(read("cache: ")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lenghts: off | unknown check; did you mean \"lengths\"?",
        "cache: warn | \"warn\": must be off, note, warning, degraded or invalid",
        "cache: {worst: 3} | unknown level",
        "cache: {warning: a lot} | \"a lot\": must be a number, such as 10 or 10%",
        "cache: [off] | a level",
      })
  void refusesWhatItDoesNotUnderstand(String checks, String message) {
    assertThatThrownBy(() -> read(checks))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining(message);
  }

  @Test
  void knowsEveryCheck() {
    assertThat(Checks.ALL).extracting(Check::id).containsExactlyElementsOf(ChecksSection.IDS);
  }
}
