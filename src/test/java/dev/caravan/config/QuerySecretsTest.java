package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuerySecretsTest {

  @ParameterizedTest
  @CsvSource({
    "/v1/x?api_key=abc, /v1/x?api_key=********, abc",
    "/x?api-version=2024-02-01&Subscription-Key=a=b&v=1, "
        + "/x?api-version=2024-02-01&Subscription-Key=********&v=1, a=b",
    "/x?access_token=abc#top, /x?access_token=********#top, abc",
    "/x?max_tokens=5&sig=, /x?max_tokens=5&sig=,",
    "/x?key, /x?key,",
    "/key=abc, /key=abc,",
    "/x?key=abc&api_key=abcdef, /x?key=********&api_key=********, abc abcdef",
    "'{endpoint: ''/x?key=abc'', other: 1}', '{endpoint: ''/x?key=********'', other: 1}', abc",
    "/x?key=a$1\\, /x?key=********, a$1\\"
  })
  void areTheValuesOfKeysAndTokens(String endpoint, String masked, String secret) {
    assertThat(QuerySecrets.masked(endpoint)).isEqualTo(masked);
    assertThat(String.join(" ", QuerySecrets.of(endpoint))).isEqualTo(secret == null ? "" : secret);
  }

  @Test
  void areNotShownOfAnyEndpoint() {
    // given
    Parameters parameters =
        new Parameters(
            Map.of(
                "model", "m?key=a", "endpoint", "/x?key=b", "health_check_endpoint", "/y?key=c"));
    // then
    assertThat(parameters.querySecrets()).containsExactly("b", "c");
    assertThat(parameters.shown().values())
        .containsEntry("model", "m?key=a")
        .containsEntry("endpoint", "/x?key=********")
        .containsEntry("health_check_endpoint", "/y?key=********");
    assertThat(parameters.endpoint()).isEqualTo("/x?key=b");
    assertThat(parameters.hasSecrets()).isTrue();
    assertThat(new Parameters(Map.of("endpoint", "/x?v=b")).hasSecrets()).isFalse();
  }
}
