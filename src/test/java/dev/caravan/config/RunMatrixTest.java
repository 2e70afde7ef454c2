package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What varies the parameters of a batch: points, exclude, per_concurrency, repeat, variants. */
class RunMatrixTest {

  private static final String BASE = FixedRules.BASE;

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
  void readsRepeats() {
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
  void readsBoundsAndWhatToCompareWith() {
    // when
    Evaluation evaluation =
        FixedRules.read(
                BASE
                    + "  streaming: true\n"
                    + "slo: {ttft_ms_p99: 500, output_tokens_per_s: 20.5}\n"
                    + "compare: {last: 5, tolerance: {ttft_ms_p50: 7.5%},"
                    + " fail_on: inconclusive, allow: [cache]}\n")
            .evaluation();

    // then
    assertThat(evaluation.slo())
        .containsExactly(new Slo("ttft_ms_p99", 500), new Slo("output_tokens_per_s", 20.5));
    assertThat(evaluation.slo().get(0).holds(499)).isTrue();
    assertThat(evaluation.slo().get(1).holds(20)).isFalse();
    assertThat(evaluation.compare())
        .contains(
            new CompareRule(
                new CompareRule.Base.Last(5),
                List.of(),
                Map.of("ttft_ms_p50", 0.075),
                true,
                List.of("cache")));
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
          variants: {config.yaml: {}}                     | files or runs have such names
          variants: {attempts: {}}                        | files or runs have such names
          variants: {"7": {}}                             | files or runs have such names
          compare: {last: 5, tolerance: {itl_ms_p50: 0%}} | must be more than 0 %
          compare: {last: 5, metrics: [error_rate_pct]}   | unknown metric
          repeat: 0                                       | repeat: "0": must be a whole number
          repeat: {order: rounds}                         | repeat.times: required in this section
          repeat: {times: 2, order: random}               | must be one of rounds, blocks
          variants: {a__b: {}}                            | a variant's name must be
          variants: {../x: {}}                            | a variant's name must be
          variants: {a: {urll: 1}}                        | did you mean "url"?
          variants: {a: {isl: 1}}\\nsweeps: {isl: [1, 2]} | also in sweeps; set only one
          variants: [a, b]                                | variants: must be a mapping
          variants: {a: {api_key: x}}                     | API keys are not allowed
          slo: {ttft_p99: 5}                              | unknown metric; one of request_throughput_rps
          slo: {ttft_ms_p9: 5}                            | did you mean "ttft_ms_p90"?
          slo: {ttft_ms_p99: fast}                        | must be a number
          slo: {ttft_ms_p99: 500}                         | slo.ttft_ms_p99: no run has it: requires streaming: true
          compare: {last: 5, metrics: [itl_ms_p50]}       | itl_ms_p50: no run has it: requires streaming: true
          compare: {}                                     | must have exactly one of last, last_pass
          compare: {batch: ../../etc}                     | must be the id or the name of a batch
          compare: {batch: /tmp/x.zip}                    | must be the id or the name of a batch
          compare: {last: 5, batch: b}                    | must have exactly one of last, last_pass
          compare: {variant: x}                           | no such variant
          compare: {last: 5, tolerance: {itl_ms_p50: 5}}  | must be a percentage
          compare: {last: 5, metrics: [speed]}            | unknown metric
          compare: {last: 5, allow: [cache, load, cache]} | compare.allow[2]: duplicate of item [0]
          compare: {last: 5, metrics: [ttft_ms_avg, ttft_ms_avg]} | metrics[1]: duplicate of item [0]
          compare: {last: 5, metrics: [ttft_ms_p50], tolerance: {itl_ms_p50: 5%}} | not in metrics
          compare: {baseline: ../main}                    | is no name of a baseline
          compare: {baseline: .hidden}                    | is no name of a baseline
          """)
  void refusesWhatCannotBeRun(String section, String message) {
    assertThat(FixedRules.problems(BASE + section.replace("\\n", "\n") + "\n"))
        .anySatisfy(problem -> assertThat(problem).contains(message));
  }

  @Test
  void warnsOfAnAllowedDifferenceThatNothingIsCalled() {
    // given
    String rule = "compare: {last: 5, allow: [%s]}\n";
    String known =
        "aiperf, isl, benchmark_duration, request_count, stall, cpu_model, prefix_hits, vary_prompts";

    // then
    assertThat(FixedRules.read(BASE + rule.formatted(known)).warnings()).isEmpty();
    assertThat(FixedRules.read(BASE + rule.formatted("benchmark_duraton")).warnings())
        .singleElement()
        .asString()
        .contains("compare.allow: \"benchmark_duraton\" is no key", "\"benchmark_duration\"?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"points", "exclude", "repeat", "variants", "slo", "compare", "cool_down"})
  void takesAnEmptySectionAsNone(String section) {
    assertThat(FixedRules.read(BASE + section + ":\n").matrix()).isEqualTo(RunMatrix.SINGLE);
  }

  @Test
  void takesABoundOnAMetricThatSomeRunHas() {
    // given
    String slo = "slo: {ttft_ms_p99: 500, output_tokens_per_s: 5}\n";
    String embeddings = BASE + "  endpoint_type: embeddings\n  streaming: true\n";

    // then
    assertThat(
            FixedRules.problems(BASE + "points: [{streaming: false}, {streaming: true}]\n" + slo))
        .isEmpty();
    assertThat(FixedRules.problems(BASE + "variants: {a: , b: {streaming: true}}\n" + slo))
        .isEmpty();
    assertThat(FixedRules.problems(embeddings + slo))
        .anySatisfy(p -> assertThat(p).contains("ttft_ms_p99: no run has it"))
        .anySatisfy(p -> assertThat(p).contains("whose responses are tokens"));
    assertThat(FixedRules.problems(embeddings + "slo: {request_latency_ms_p99: 5}\n")).isEmpty();
  }

  @Test
  void refusesOneProblemOnceWhateverTheNumberOfCombinations() {
    assertThat(
            FixedRules.problems(
                BASE.replaceFirst("  model: .*\n", "")
                    + "points: [{isl: 1}, {isl: 2}]\nvariants: {a: , b: }\n"))
        .hasSize(1);
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
}
