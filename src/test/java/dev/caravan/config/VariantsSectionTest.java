package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variants are laid over the base_config, each with its name, labels and group. */
class VariantsSectionTest {

  @Test
  void mergesVariantsOverTheBaseKeyByKey() {
    // when
    BenchmarkConfig config =
        FixedRules.read(
            BASE
                + "  aiperf_options: {request_count: 5, goodput: \"request_latency:9\"}\n"
                + "labels: {gpu: H100}\n"
                + "variants:\n"
                + "  before:\n"
                + "  after: {url: \"http://b:1\", labels: {image: 2}, group: new,"
                + " aiperf_options: {request_count: 6, goodput: null}}\n");

    // then
    Variant before = config.matrix().variants().get("before");
    Variant after = config.matrix().variants().get("after");
    assertThat(before.base()).isEqualTo(config.base());
    assertThat(after.base().url()).isEqualTo("http://b:1");
    assertThat(after.base().options()).isEqualTo(Map.of("request_count", 6L));
    assertThat(after.keys()).containsExactlyInAnyOrder("url", "request_count", "goodput");
    assertThat(after.labels()).isEqualTo(Map.of("image", "2"));
    assertThat(after.group()).contains("new");
    assertThat(config.values("url")).containsExactly("http://h:8000", "http://b:1");
  }

  @Test
  void takesAGroupOrLabelsWithoutAValueAsNotSet() {
    // when
    Variant variant =
        FixedRules.read(BASE + "variants: {a: {group: null, labels: null}, b: {group: }}\n")
            .matrix()
            .variants()
            .get("a");

    // then
    assertThat(variant.group()).isEmpty();
    assertThat(variant.labels()).isEmpty();
  }

  @Test
  void namesTheVariantThatLacksAKey() {
    assertThat(
            FixedRules.problems(
                BASE.replaceFirst("  url: .*\n", "")
                    + "variants: {a: {url: \"http://x\"}, b: {streaming: false}}\n"))
        .singleElement()
        .asString()
        .contains("base_config.url: required", "nor variant \"b\"");
  }

  @Test
  void saysOfEachVariantHowOptionsAreRemoved() {
    assertThat(
            FixedRules.problems(
                BASE
                    + "  aiperf_options: {request_count: 5}\n"
                    + "variants: {a: , b: {aiperf_options: null}, c: {aiperf_options: {}}}\n"))
        .singleElement()
        .asString()
        .contains("variants.b.aiperf_options: names no option", "set each of them to null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          variants: {config.yaml: {}}                     | files or runs have such names
          variants: {attempts: {}}                        | files or runs have such names
          variants: {"7": {}}                             | files or runs have such names
          variants: {a__b: {}}                            | a variant's name must be
          variants: {../x: {}}                            | a variant's name must be
          variants: {a: {urll: 1}}                        | did you mean "url"?
          variants: {a: {isl: 1}}\\nsweeps: {isl: [1, 2]} | also in sweeps; set only one
          variants: [a, b]                                | variants: must be a mapping
          variants: {a: {api_key: x}}                     | API keys are not allowed
          """)
  void refusesVariantsThatCannotBeRun(String section, String message) {
    assertThat(FixedRules.problems(BASE + section.replace("\\n", "\n") + "\n"))
        .anySatisfy(problem -> assertThat(problem).contains(message));
  }
}
