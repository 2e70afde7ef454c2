package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.yaml.ConfigRefusedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The body of a one-token completion request. */
class ProbeCompletionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "streaming: false"
            + "|{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_completion_tokens\":1,\"stream\":false}",
        "streaming: true"
            + "|{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_completion_tokens\":1,\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
        "use_legacy_max_tokens: true"
            + "|{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":1,\"stream\":false}",
        "endpoint_type: completions"
            + "|{\"model\":\"m\",\"prompt\":\"Hi\",\"max_tokens\":1,\"stream\":false}"
      })
  void isLikeTheRequestsOfTheRun(String key, String body) throws ConfigRefusedException {
    assertThat(
            ProbeCompletion.oneToken(FixedRules.read(FixedRules.BASE + "  " + key + "\n").base()))
        .isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "streaming: false | '\"stream\":false}'",
        "prompt_output_tokens_mean: 64 | '\"max_completion_tokens\":64,\"stream\":false}'",
        "'use_legacy_max_tokens: true\n  prompt_output_tokens_mean: 8'"
            + "| '\"max_tokens\":8,\"stream\":false}'",
        "'aiperf_options: {extra_inputs: {reasoning_effort: low, top_k: 5}}'"
            + "| '\"stream\":false,\"reasoning_effort\":\"low\",\"top_k\":5}'",
        "'aiperf_options: {extra_inputs: [\"min_tokens:3\", \"{\\\"a\\\": [1]}\"]}'"
            + "| '\"stream\":false,\"min_tokens\":3,\"a\":[1]}'",
        "'streaming: true\n  aiperf_options: {extra_inputs: {stream: false}}' | '\"stream\":false}'"
      })
  void takesTheLengthAndTheExtraInputsOfTheRun(String keys, String end)
      throws ConfigRefusedException {
    // when
    String body =
        ProbeCompletion.asTheRun(FixedRules.read(FixedRules.BASE + "  " + keys + "\n").base());
    // then
    assertThat(body)
        .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + end);
  }
}
