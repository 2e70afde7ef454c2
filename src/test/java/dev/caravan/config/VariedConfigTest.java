package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a config needs depends on what its runs have, and is asked for once. */
class VariedConfigTest {

  @Test
  void needsNoDurationWithARequestCount() {
    // given
    String base = BASE.replaceFirst("  benchmark_duration: .*\n", "");

    // then
    assertThat(FixedRules.problems(base))
        .singleElement()
        .asString()
        .contains("or set request_coun");
    assertThat(FixedRules.read(base + "per_concurrency: {request_count: 10}\n").base().find("url"))
        .isPresent();
    assertThat(FixedRules.read(base + "points: [{request_count: 10}]\n").base().benchmarkDuration())
        .isEmpty();
  }

  @Test
  void takesTheEndpointOfTheTypesThatRunsHave() {
    assertThat(
            FixedRules.read(
                    BASE
                        + "  endpoint_type: embeddings\n"
                        + "points: [{endpoint_type: chat}, {endpoint_type: completions}]\n"
                        + "readiness: {completion: true}\n")
                .base()
                .find("endpoint"))
        .isPresent();
  }

  @Test
  void refusesOneProblemOnceWhateverTheNumberOfCombinations() {
    assertThat(
            FixedRules.problems(
                BASE.replaceFirst("  model: .*\n", "")
                    + "points: [{isl: 1}, {isl: 2}]\nvariants: {a: , b: }\n"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"points", "exclude", "repeat", "variants", "slo", "compare", "cool_down"})
  void takesAnEmptySectionAsNone(String section) {
    assertThat(FixedRules.read(BASE + section + ":\n").matrix()).isEqualTo(RunMatrix.SINGLE);
  }
}
