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
    assertThat(ProbeCompletion.body(FixedRules.read(FixedRules.BASE + "  " + key + "\n").base()))
        .isEqualTo(body);
  }
}
