package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an accepted config is warned of, with the line. */
class ConfigWarningsTest {

  @Test
  void warnsOfWhatIsMostLikelyNotMeant() {
    // given
    String config = BASE + "  endpoint_type: completions\n  request_rate_mode: poisson\n";

    // when / then
    assertThat(FixedRules.read(config).warnings())
        .containsExactly(
            "line 7: base_config.endpoint_type: is completions, but endpoint is"
                + " /v1/chat/completions",
            "line 8: base_config.request_rate_mode: has no effect without request_rate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "endpoint: /v1/completions | endpoint: is /v1/completions, but endpoint_type is chat",
        "endpoint: /v1/embeddings | endpoint: is /v1/embeddings, but endpoint_type is chat",
        "'endpoint: /v1/messages\n  endpoint_type: responses'"
            + " | endpoint_type: is responses, but endpoint is /v1/messages"
      })
  void warnsOfAnEndpointOfAnotherType(String keys, String warning) {
    // when / then
    assertThat(FixedRules.read(BASE + "  " + keys + "\n").warnings())
        .singleElement(STRING)
        .endsWith(warning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint: /v1/chat/completions",
        "endpoint: /openai/v1/completions",
        "endpoint: /rerank\n  endpoint_type: cohere_rankings",
        "endpoint: /v1/chat/completions\n  endpoint_type: image_generation",
        "endpoint_type: messages"
      })
  void warnsOfNoEndpointThatMayTakeItsRequests(String keys) {
    // when / then
    assertThat(FixedRules.read(BASE + "  " + keys + "\n").warnings()).isEmpty();
  }

  @Test
  void warnsOfWhatIsWorthSayingAboutAKey() {
    assertThat(FixedRules.read(BASE + "  api_key_env_var: SHORT_API_KEY\n").warnings())
        .containsExactly("line 7: base_config.api_key_env_var: is short");
  }

  /** PyYAML takes the first of them, but 6.0.4 the last. */
  @Test
  void warnsOfAKeyThatSeveralMergedMappingsSet() {
    // given
    String config =
        """
        x-small: &small {concurrency: 1, random_seed: 7, warmup_request_count: 1, model: m}
        x-large: &large {concurrency: 64, random_seed: 7, warmup_request_count: 2, model: n}
        base_config:
          <<: [*small, *large]
          url: http://h:8000
          benchmark_duration: 1
          model: o
        """;

    // when
    BenchmarkConfig read = FixedRules.read(config);

    // then
    assertThat(read.base().concurrency()).isEqualTo(1);
    assertThat(read.warnings())
        .containsExactly(
            "line 1: base_config.concurrency: several mappings after \"<<\" set it; the first counts",
            "line 1: base_config.warmup_request_count: several mappings after \"<<\" set it; the"
                + " first counts");
  }

  @Test
  void warnsOfNoKeyThatAMappingFurtherOutOrAnEarlierOneSets() {
    // given
    String config =
        """
        x-a: &a {concurrency: 1, random_seed: 1}
        x-b: &b {concurrency: 2, random_seed: 2}
        x-c: &c {<<: [*a, *b]}
        x-d: &d {random_seed: 3}
        base_config:
          <<: [*d, *c]
          model: m
          url: http://h:8000
          benchmark_duration: 1
          warmup_request_count: 1
          concurrency: 4
        """;

    // when
    BenchmarkConfig read = FixedRules.read(config);

    // then
    assertThat(read.base().concurrency()).isEqualTo(4);
    assertThat(read.warnings())
        .containsExactly(
            "line 4: base_config.random_seed: several mappings after \"<<\" set it; the first counts");
  }

  @Test
  void warnsOfMergedListsAndMappingsOnlyWhereTheyDiffer() {
    // given
    String config =
        """
        x-a: &a {aiperf_options: {extra_inputs: {seed: 1, "top_k": 2}}}
        x-b: &b {aiperf_options: {extra_inputs: {seed: 1, top_k: 2}}}
        x-1: &one {concurrency: [1, 2], request_rate: [1, 2]}
        x-2: &two {concurrency: [1, 2], request_rate: [1, 3]}
        base_config: {<<: [*a, *b], model: m, url: "http://h:8000", benchmark_duration: 1,
          warmup_request_count: 1}
        sweeps: {<<: [*one, *two]}
        """;

    // when
    BenchmarkConfig read = FixedRules.read(config);

    // then
    assertThat(read.warnings())
        .containsExactly(
            "line 3: sweeps.request_rate: several mappings after \"<<\" set it; the first counts");
  }

  @Test
  void warnsOfNumbersThatMeanOthers() {
    // given
    String config =
        """
        base_config:
          model: m
          url: http://h:8000
          warmup_request_count: 010
          benchmark_duration: 1:30
          concurrency: 007
          aiperf_options: {request_count: 0_20, extra_inputs: {seed: -011}, request_cancellation_rate: 1:0.5}
        sweeps:
          request_rate: [1:10:2, 10, 0x10]
        labels: {room: 010}
        """;

    // when
    BenchmarkConfig read = FixedRules.read(config);

    // then
    assertThat(read.varied().get("request_rate")).containsExactly(4202L, 10L, 16L);
    assertThat(read.warnings())
        .containsExactly(
            "line 4: base_config.warmup_request_count: 010 means 8 (octal, because of the leading 0)",
            "line 5: base_config.benchmark_duration: 1:30 means 90 (base 60)",
            "line 7: base_config.aiperf_options.request_count: 0_20 means 16 (octal, because of the leading 0)",
            "line 7: base_config.aiperf_options.extra_inputs.seed: -011 means -9 (octal, because of"
                + " the leading 0)",
            "line 7: base_config.aiperf_options.request_cancellation_rate: 1:0.5 means 60.5 (base 60)",
            "line 9: sweeps.request_rate[0]: 1:10:2 means 4202 (base 60)");
  }

  @Test
  void warnsOfTextsThatAShellWouldReplace() {
    // given
    String config =
        """
        batch_name: run_$(date +%F)
        output_base_dir: ~/results
        base_config:
          model: "$MODEL"
          tokenizer: 'org/${NAME}'
          url: http://h:8000
          warmup_request_count: 1
          benchmark_duration: 5
          concurrency: 1
          aiperf_options:
            system_prompt: It costs $5, or 10 US$ a year.
        labels: {gpu: $GPU}
        """;

    // then
    assertThat(FixedRules.read(config).warnings())
        .containsExactly(
            "line 1: batch_name: \"$(date +%F)\" is taken literally; nothing replaces it",
            "line 2: output_base_dir: \"~/\" is taken literally; nothing replaces it",
            "line 4: base_config.model: \"$MODEL\" is taken literally; nothing replaces it",
            "line 5: base_config.tokenizer: \"${NAME}\" is taken literally; nothing replaces it",
            "line 12: labels.gpu: \"$GPU\" is taken literally; nothing replaces it");
  }

  @Test
  void warnsOfSpacesThatAreNone() {
    // given
    String config =
        BASE
            + "  aiperf_options:\n    system_prompt: be\u00a0brief\n"
            + "labels: {a: \"10\u00a0000\", b: 全角\u3000空白, c: x\u200by}\n";

    // then
    assertThat(FixedRules.read(config).warnings())
        .containsExactly(
            "line 8: base_config.aiperf_options.system_prompt: contains a no-break space (U+00A0);"
                + " write the value in quotes if that is intended",
            "line 9: labels.c: contains a zero-width space (U+200B); write the value in quotes if that"
                + " is intended");
  }
}
