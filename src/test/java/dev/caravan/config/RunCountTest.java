package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often each run is repeated, and how many runs a config may make. */
class RunCountTest {

  @Test
  void readsRepeatsAndWhatPassesBetweenThem() {
    assertThat(FixedRules.read(BASE + "repeat: 5\n").matrix().repeat())
        .isEqualTo(new Repeat(5, Repeat.Order.ROUNDS));
    assertThat(FixedRules.read(BASE + "repeat: {times: 2, order: blocks}\n").matrix().repeat())
        .isEqualTo(new Repeat(2, Repeat.Order.BLOCKS));
    assertThat(FixedRules.read(BASE + "cool_down: 30s\n").coolDown())
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void variesPromptsByDefaultWhereRunsAreCompared() {
    assertThat(FixedRules.read(BASE).variesPrompts()).isFalse();
    assertThat(FixedRules.read(BASE + "repeat: 2\n").variesPrompts()).isTrue();
    assertThat(FixedRules.read(BASE + "variants: {a: , b: }\n").variesPrompts()).isTrue();
    assertThat(FixedRules.read(BASE + "repeat: 2\nvary_prompts: false\n").variesPrompts())
        .isFalse();
  }

  @Test
  void countsAllCombinationsAgainstTheLimit() {
    assertThat(
            FixedRules.problems(
                BASE + "repeat: 10000\nvariants: {a: , b: }\nsweeps: {isl: [1, 2, 3, 4, 5, 6]}\n"))
        .singleElement()
        .asString()
        .contains("makes 120,000 runs (10000 × 2 × 6)");
  }

  @Test
  void readsNoVariantsWhenThereAreTooMany() {
    // given
    StringBuilder config = new StringBuilder(BASE + "variants:\n");
    IntStream.range(0, 10_000).forEach(i -> config.append("  v" + i + ": {url: bad}\n"));
    config.append("points:\n");
    IntStream.range(1, 1000).forEach(i -> config.append("- {isl: " + i + "}\n"));

    // then
    assertThat(FixedRules.problems(config.toString()))
        .singleElement()
        .asString()
        .contains("variants: has 10000 variants; at most 100 are allowed");
  }

  @Test
  void looksAtNoRunWhenThereAreTooMany() {
    // given
    StringBuilder config = new StringBuilder(BASE + "slo: {ttft_ms_p99: 5}\nvariants:\n");
    IntStream.range(0, 100).forEach(i -> config.append("  v" + i + ": \n"));
    config.append("points:\n");
    IntStream.range(1, 1001).forEach(i -> config.append("- {isl: " + i + "}\n"));
    config.append("repeat: 10000\n");

    // then
    assertThat(FixedRules.problems(config.toString()))
        .singleElement()
        .asString()
        .contains("repeat: makes 1,000,000,000 runs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          repeat: 10000\\nsweeps: {isl: [1, 2, 3], osl: [1, 2, 3, 4]}   | repeat: makes
          repeat: 400\\nsweeps: {isl: [@], osl: [@]}                     | sweeps: makes
          repeat: 20\\nvariants: {a: , b: }\\nsweeps: {isl: [@], osl: [@]} | sweeps: makes
          """)
  void pointsAtTheSectionThatMakesMostRuns(String sections, String message) {
    // given
    String numbers =
        IntStream.range(1, 101).mapToObj(String::valueOf).collect(Collectors.joining(", "));

    // then
    assertThat(
            FixedRules.problems(BASE + sections.replace("\\n", "\n").replace("@", numbers) + "\n"))
        .singleElement()
        .asString()
        .contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          repeat: 0                                       | repeat: "0": must be a whole number
          repeat: {order: rounds}                         | repeat.times: required in this section
          repeat: {times: 2, order: random}               | must be one of rounds, blocks
          """)
  void refusesRepeatsThatCannotBeRun(String section, String message) {
    assertThat(FixedRules.problems(BASE + section + "\n"))
        .anySatisfy(problem -> assertThat(problem).contains(message));
  }
}
