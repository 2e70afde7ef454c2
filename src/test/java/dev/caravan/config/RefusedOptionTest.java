package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static dev.caravan.config.FixedRules.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options and combinations that aiperf would refuse only when a run starts. */
class RefusedOptionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "header: x | not allowed: it sends HTTP headers, which may contain secrets; set"
            + " caravan.aiperf.options-allowed to allow it, in base_config or in"
            + " base_config.aiperf_options",
        "isl: 5 | is a key of base_config; set it there as prompt_input_tokens_mean",
        "artifact_dir: /x | not allowed: Caravan gives each run its own folder",
        "ui: simple | not allowed: Caravan chooses the user interface; for a more detailed log,"
            + " set log_level",
        "num_requests: 5 | write it as request_count",
        "request-count: 5 | write it as request_count",
        "no_force_min_tokens: true | write force_min_tokens: false",
        "request_cuont: 5 | not an allowed option; did you mean \"request_count\"?; set"
            + " caravan.aiperf.options-allowed to allow more",
        "request_count: 1,2 | \"1,2\": must be a whole number, 1 or more",
        "export_level: rwa | \"rwa\": must be one of summary, records, raw; did you mean \"raw\"?",
        "audio_depths: [\"16,24\"] | \"16,24\": must not contain a comma: aiperf would"
            + " split the value; to try several values, list them under sweeps",
        "goodput: fast | \"fast\": must be metric:number items, such as request_latency:250",
        "goodput: 'ttft:3000 tpot:50' | \"ttft:3000 tpot:50\": ttft is not a per-request metric of"
            + " aiperf; write it as time_to_first_token",
        "goodput: [request_latency:5, itl:5] | \"itl:5\": itl is not a per-request metric of aiperf;"
            + " write it as inter_token_latency",
        "goodput: {E2EL: 5} | \"E2EL\": is not a per-request metric of aiperf; write it as"
            + " request_latency",
        "goodput: {request_latancy: 5} | \"request_latancy\": is not a per-request metric of aiperf;"
            + " did you mean \"request_latency\"?",
        "goodput: {request_throughput: 5} | \"request_throughput\": is not a per-request metric of"
            + " aiperf",
        "goodput: {time_to_first_token: 5} | time_to_first_token requires streaming: true",
        "extra_inputs: {a: } | \"\": cannot be sent as a value",
        "extra_inputs: {a: '5'} | \"5\": aiperf would not send this as a string; write it without quotes",
        "extra_inputs: {preis_€: 5} | cannot be passed",
        "extra_inputs: {a: {preis_€: 5}} | cannot be passed",
        "extra_inputs: {a: [preis_€]} | cannot be passed",
        "system_prompt: '--x' | \"--x\": must not start with \"-\", which aiperf would read as a"
            + " flag",
      })
  void reportsWhyAnOptionIsRefused(String line, String rule) {
    assertThat(problems(BASE + "  aiperf_options:\n    " + line + "\n"))
        .singleElement()
        .asString()
        .contains(": base_config.aiperf_options." + line.replaceAll(":.*", ""))
        .endsWith(": " + rule);
  }

  @Test
  void ignoresThePropertyForFlagsThatCaravanSets() {
    // given
    FixedRules rules = new FixedRules(10, Set.of("output_artifact_dir", "isl", "config", "ui"));
    String options = "  aiperf_options: {output_artifact_dir: /x, isl: 1, config: c, ui: none}\n";

    // when / then
    assertThat(problems((BASE + options).getBytes(StandardCharsets.UTF_8), rules)).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompt_output_tokens_stddev: 5 | requires prompt_output_tokens_mean or input_file",
        "custom_dataset_type: single_turn | requires input_file",
        "aiperf_options: {num_users: 5} | requires user_centric_rate",
        "aiperf_options: {user_centric_rate: 1, num_users: 2} | requires conversation_turn_mean of 2"
            + " or more",
        "aiperf_options: {wait_for_model_mode: both} | requires wait_for_model_timeout",
        "aiperf_options: {wait_for_model_mode: both, wait_for_model_timeout: 0} | requires"
            + " wait_for_model_timeout",
        "aiperf_options: {prefill_concurrency: 1} | requires streaming: true",
        "aiperf_options: {fixed_schedule_start_offset: 1} | requires fixed_schedule",
      })
  void refusesCombinationsThatAiperfRefuses(String line, String rule) {
    assertThat(problems(BASE + "  " + line + "\n"))
        .singleElement()
        .asString()
        .endsWith(": " + rule);
  }

  @Test
  void comparesSweptValues() {
    // given
    String more =
        """
          streaming: true
          input_file: there.jsonl
          prompt_input_tokens_mean: 5
          aiperf_options: {prefill_concurrency: 4}
        sweeps:
          concurrency: [4, 2, 8]
        """;

    // when / then
    assertThat(problems(BASE + more))
        .containsExactly(
            "c.yaml:9:29: base_config.prompt_input_tokens_mean: cannot be combined with input_file",
            "c.yaml:10:41: base_config.aiperf_options.prefill_concurrency: 4: must not exceed"
                + " concurrency (2)");
  }
}
