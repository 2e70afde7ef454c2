package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static dev.caravan.config.FixedRules.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configs and keys of aiperf itself, of other tools, and of branches of the old one. */
class AiperfConfigTest {

  @Test
  void answersAConfigOfAiperfItselfInOneMessage() {
    // given
    String config =
        """
        schemaVersion: "2.0"
        randomSeed: 7
        benchmark:
          model: m
          endpoint: {url: "http://h:8000", type: chat, streaming: true, apiKey: "${KEY}"}
          dataset: {type: synthetic, prompts: {isl: {mean: 100}}}
          warmup: {type: concurrency, requests: 2}
          profiling: {type: poisson, rate: 5, duration: 60}
        """;

    // when / then
    assertThat(problems(config))
        .singleElement()
        .asString()
        .startsWith("c.yaml:1:1: this is a config of aiperf itself")
        .contains(
            "randomSeed → random_seed",
            "benchmark.model → model",
            "benchmark.endpoint.url → url",
            "benchmark.endpoint.apiKey → api_key_env_var",
            "benchmark.dataset.prompts.isl → prompt_input_tokens_mean",
            "benchmark.warmup.requests → warmup_request_count",
            "benchmark.profiling.duration → benchmark_duration")
        .doesNotContain("${KEY}");
  }

  @Test
  void knowsItByItsPartsAndInSnakeCase() {
    // when / then
    assertThat(problems("benchmark: {models: [m], phases: []}\n")).hasSize(1);
    assertThat(
            problems("schema_version: 2\nbenchmark: {endpoint: {use_legacy_max_tokens: true}}\n"))
        .singleElement()
        .asString()
        .contains("benchmark.endpoint.use_legacy_max_tokens → use_legacy_max_tokens");
    assertThat(problems("benchmark: fast\n" + BASE))
        .singleElement()
        .asString()
        .startsWith("c.yaml:1:1: benchmark: unknown key");
  }

  @ParameterizedTest
  @CsvSource({
    "input_tokens, prompt_input_tokens_mean",
    "warmup_requests, warmup_request_count",
    "Base-URL, url",
    "duration, benchmark_duration",
    "seed, random_seed",
    "headers, header",
    "concurency, concurrency"
  })
  void saysWhichKeyIsMeant(String written, String key) {
    assertThat(problems(BASE + "  " + written + ": 5\n"))
        .singleElement()
        .asString()
        .endsWith("." + written + ": unknown key; did you mean \"" + key + "\"?");
  }

  @Test
  void takesTheHeaderOfABranchAsTheOptionOnceAllowed() throws Exception {
    // given
    FixedRules allowed = new FixedRules(10, Set.of("header"));
    String asKey = BASE + "  header: ['X-Lab: 1']\n";
    String asOption = BASE + "  aiperf_options: {header: ['X-Lab: 1']}\n";

    // when
    ConfigReader reader = new ConfigReader(allowed);
    Map<String, Object> options =
        reader.read(bytes(asKey), Overrides.NONE, "c.yaml").base().options();

    // then
    assertThat(options)
        .isEqualTo(reader.read(bytes(asOption), Overrides.NONE, "c.yaml").base().options());
    assertThat(options).containsOnlyKeys("header");
    assertThat(problems(bytes(asKey + "  aiperf_options: {header: a:b}\n"), allowed))
        .singleElement()
        .asString()
        .endsWith("aiperf_options.header: duplicate of base_config.header; set only one");
    assertThat(problems(asKey))
        .singleElement()
        .asString()
        .startsWith("c.yaml:7:3: base_config.header: not allowed: it sends HTTP headers")
        .endsWith("in base_config or in base_config.aiperf_options");
  }

  private static byte[] bytes(String config) {
    return config.getBytes(StandardCharsets.UTF_8);
  }
}
