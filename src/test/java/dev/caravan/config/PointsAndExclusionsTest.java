package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Points, exclude and per_concurrency: which combinations of values are run. */
class PointsAndExclusionsTest {

  @Test
  void readsPointsWithShortNames() {
    // when
    BenchmarkConfig config =
        FixedRules.read(
            BASE
                + "  osl: 9\n"
                + "points: [{isl: 10, osl: 1}, {prompt_input_tokens_mean: 20}]\n"
                + "sweeps: {concurrency: [1, 2]}\n");

    // then
    assertThat(config.matrix().points())
        .containsExactly(
            Map.of("prompt_input_tokens_mean", 10L, "prompt_output_tokens_mean", 1L),
            Map.of("prompt_input_tokens_mean", 20L, "prompt_output_tokens_mean", 9L));
    assertThat(config.varied().keySet())
        .containsExactly("prompt_input_tokens_mean", "prompt_output_tokens_mean", "concurrency");
    assertThat(config.varied().get("prompt_output_tokens_mean")).isEqualTo(List.of(1L, 9L));
  }

  @Test
  void refusesPointsThatAreEqualOnceTheBaseIsLaidIn() {
    assertThat(FixedRules.problems(BASE + "  osl: 128\npoints: [{isl: 9}, {isl: 9, osl: 128}]\n"))
        .singleElement()
        .asString()
        .contains("points[1]: duplicate of item [0]");
  }

  @Test
  void excludesCombinationsThatAiperfWouldRefuse() {
    // given
    String sweeps =
        BASE
            + "  streaming: true\n"
            + "sweeps: {concurrency: [1, 8], prefill_concurrency: [1, 8]}\n";

    // then
    assertThat(FixedRules.problems(sweeps)).hasSize(1);
    assertThat(
            FixedRules.read(sweeps + "exclude: [{concurrency: 1, prefill_concurrency: 8}]\n")
                .varied())
        .hasSize(2);
  }

  @Test
  void excludesOnlyValuesThatRunsHave() {
    assertThat(
            FixedRules.problems(
                BASE + "  isl: 9\npoints: [{isl: 1}, {isl: 2}]\nexclude: [{isl: 9}]\n"))
        .singleElement()
        .asString()
        .endsWith("no run has this value; runs have 1, 2");
    assertThat(
            FixedRules.problems(
                BASE
                    + "  isl: 9\n"
                    + "points: [{isl: 1, osl: 1}, {osl: 2}, {isl: 1, osl: 3}]\n"
                    + "exclude: [{isl: 4}]\n"))
        .singleElement()
        .asString()
        .endsWith("no run has this value; runs have 1, 9");
  }

  @Test
  void checksCountsWithTheConcurrencyOfEachRun() {
    assertThat(
            FixedRules.read(
                    BASE
                        + "  streaming: true\n"
                        + "per_concurrency: {prefill_concurrency: 1}\n"
                        + "sweeps: {concurrency: [4, 64]}\n")
                .varied())
        .hasSize(1);
    assertThat(
            FixedRules.problems(
                BASE.replaceFirst("concurrency: .*", "concurrency: 9223372036854775807")
                    + "per_concurrency: {request_count: 3}\n"))
        .anySatisfy(
            problem -> assertThat(problem).contains("per_concurrency.request_count: makes more"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          points: [{isl: 1}]\\nsweeps: {isl: [1, 2]}      | also in sweeps; set only one
          points: [{isl: 1, osl: 2}, {isl: 2}]            | points[1].prompt_output_tokens_mean: other points have it
          points: [{isl: 1}, {isl: 1}]                    | points[1]: duplicate of item [0]
          points: [{isl: 1, prompt_input_tokens_mean: 1}] | duplicate of points[0].isl
          points: []                                      | points: must not be empty
          points: [{}]                                    | points[0]: must be a mapping
          points: {isl: 1}                                | points: must be a list of mappings
          points: [{isl: x}]                              | must be a whole number
          points: [{aiperf_options: {request_count: 1}}]  | cannot be varied as a whole
          exclude: [{isl: 1}]                             | exclude[0].isl: in neither sweeps nor points
          exclude: [{isl: 3}]\\nsweeps: {isl: [1, 2]}     | no run has this value; runs have 1, 2
          exclude: [{isl: 1}]\\nsweeps: {isl: [1]}        | exclude: leaves no run
          per_concurrency: {concurrency: 1}               | must be a count that grows with concurrency
          per_concurrency: {streaming: true}              | must be a count that grows with concurrency
          per_concurrency: {warmup_request_count: 2}      | also in base_config; set only one
          per_concurrency: {request_count: 0}             | must be a whole number
          per_concurrency: {random_seed: 1}               | must be a count that grows with concurrency
          """)
  void refusesCombinationsThatCannotBeRun(String section, String message) {
    assertThat(FixedRules.problems(BASE + section.replace("\\n", "\n") + "\n"))
        .anySatisfy(problem -> assertThat(problem).contains(message));
  }
}
