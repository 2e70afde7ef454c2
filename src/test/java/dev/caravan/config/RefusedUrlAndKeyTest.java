package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static dev.caravan.config.FixedRules.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Problems of URLs and API keys are reported without repeating a secret. */
class RefusedUrlAndKeyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "h:8000 | must start with http:// or https://, such as http://127.0.0.1:8000",
        "ftp://h | must start with http:// or https://, such as http://127.0.0.1:8000",
        "http:// | must name a host, optionally followed by a port",
        "http://h:0 | must have a port from 1 to 65535",
        "http://h:99999 | must have a port from 1 to 65535",
        "http://a,http://b | must not contain a comma: aiperf would split the value; to try"
            + " several values, list them under sweeps",
        "'http://h/a b' | must not contain spaces or characters that are invalid in a URL",
      })
  void reportsTheRuleThatAUrlBreaks(String url, String rule) {
    assertThat(problems(BASE.replace("http://h:8000", url)))
        .singleElement()
        .asString()
        .endsWith("\": " + rule);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://h", "https://h_1.x:80/llm/v1", "http://[::1]:8000", "HTTP://H/"})
  void acceptsUrls(String url) {
    assertThat(problems(BASE.replace("http://h:8000", '"' + url + '"'))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://me:s3cret@h",
        "http://s3cret@h/v1",
        "http://h?key=s3cret",
        "http://h/#s3cret",
        "ftp://me:s3cret@h"
      })
  void neverRepeatsSecretsOfAUrl(String url) {
    assertThat(problems(BASE.replace("http://h:8000", url)))
        .singleElement()
        .asString()
        .contains("base_config.url: (value not shown): must")
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  endpoint: http://me:s3cret@h/v1",
        "  endpoint: http://h/v1?key=s3cret",
        "readiness: {endpoint: 'http://s3cret@h'}",
        "sweeps: {endpoint: ['http://me:s3cret@h']}",
        "compare: {baseline: 'http://me:s3cret@h'}",
        "  concurency: 1\nhttp://me:s3cret@h: 2",
        "http://me:p@s3cret@h: 2"
      })
  void neverRepeatsSecretsOfAUrlInAnotherPlace(String lines) {
    assertThat(problems(BASE + lines + "\n"))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).doesNotContain("s3cret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-s3cret",
        "nvapi_s3cret",
        "s3cret s3cret",
        "12345678",
        "[s3cret]",
        "s3cret_API_KEY",
        "\"\\e\"",
        "-s3cret"
      })
  void neverRepeatsAPossibleSecret(String value) {
    assertThat(problems(BASE + "  api_key_env_var: " + value + "\n"))
        .singleElement()
        .asString()
        .contains("base_config.api_key_env_var: ")
        .doesNotContain("s3cret", "12345678");
    assertThat(problems(BASE + "sweeps: {api_key_env_var: [" + value + "]}\n"))
        .singleElement()
        .asString()
        .doesNotContain("s3cret", "12345678");
  }

  @Test
  void reportsAVariableThatIsNotSet() {
    assertThat(problems(BASE + "  api_key_env_var: OTHER_API_KEY\n"))
        .containsExactly(
            "c.yaml:7:20: base_config.api_key_env_var: the variable OTHER_API_KEY is set"
                + " neither in the environment nor in .caravan/keys.env");
    assertThat(problems(BASE + "  api_key_env_var: SET_API_KEY\n")).isEmpty();
    assertThat(problems(BASE + "  api_key: s3cret\n"))
        .containsExactly(
            "c.yaml:7:3: base_config.api_key: API keys are not allowed in a config; set"
                + " api_key_env_var to the name of the variable that holds the key");
  }
}
