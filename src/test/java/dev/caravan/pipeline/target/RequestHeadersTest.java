package dev.caravan.pipeline.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadersTest {

  @ParameterizedTest
  @CsvSource({
    "Authorization, Bearer sk-1234",
    "api-key, sk-1234",
    "X-Access-Token, sk-1234",
    "Cookie, sk-1234"
  })
  void masksWhatIsSecretInAReply(String name, String value) {
    // given
    RequestHeaders headers = RequestHeaders.of(Map.of(name, value, "X-Route", "llama"));
    TargetReply reply =
        new TargetReply(401, Optional.of("/llama?sk-1234"), Optional.empty(), "no sk-1234 here");

    // when
    TargetReply masked = headers.masked(reply);

    // then
    assertThat(masked.body()).isEqualTo("no <key> here");
    assertThat(masked.location()).hasValue("/llama?<key>");
    assertThat(headers.toString()).doesNotContain("sk-1234");
  }

  @ParameterizedTest
  @CsvSource({
    "'a b', x",
    "'a:', x",
    "'', x",
    "a, 'x\r\nHost: other'",
    "a, 'ü'",
    "Content-Length, 7",
    "transfer-encoding, chunked",
    "Accept-Encoding, gzip"
  })
  void leavesOutWhatWouldBeAnotherRequest(String name, String value) {
    assertThat(RequestHeaders.of(Map.of(name, value)).values()).isEmpty();
  }

  @Test
  void sendsTheApiKeyInsteadOfAnotherAuthorization() {
    // given
    RequestHeaders given = RequestHeaders.of(Map.of("authorization", "Basic eHg=", "X-Lab", "1"));

    // then
    assertThat(given.withBearer("sk-1").values().values())
        .containsExactlyInAnyOrder("Bearer sk-1", "1");
  }
}
