package dev.caravan.pipeline.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.target.Readiness.Probe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReadinessTest {

  private static final URI REQUESTED =
      URI.create("http://user:secret@gpu:8000/llm/v1/models?key=secret");
  private static final Probe PROBE = new Probe(REQUESTED, Optional.of("MY_API_KEY"));

  @Test
  void onlyStatus200IsReady() {
    assertThat(Readiness.of(PROBE, reply(200, "")))
        .isEqualTo(new Readiness(true, "ready (200 from http://gpu:8000/llm/v1/models)"));
    assertThat(Readiness.of(PROBE, reply(204, "")).ready()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "204 | ''           | it returned 204 instead of 200",
        "302 | ''           | it returned 302 instead of 200",
        "401 | bad key abc  | it rejected the key in $MY_API_KEY (401)",
        "403 | ''           | it rejected the key in $MY_API_KEY (403)",
        "404 | ''           | it has no /llm/v1/models (404): set health_check_endpoint"
            + " to another path, or to none",
        "429 | ''           | it is overloaded (429), retry after 30 s",
        "500 | 'out  of\n\tmemory' | it returned 500 instead of 200: out of memory",
        "503 | loading      | it is unavailable (503), retry after 30 s: loading",
      })
  void explainsEachReply(int code, String body, String expected) {
    TargetReply reply = new TargetReply(code, Optional.empty(), Optional.of("30"), body);
    assertThat(Readiness.of(PROBE, reply))
        .isEqualTo(new Readiness(false, expected, code == 401 || code == 403));
  }

  @Test
  void explainsThatAKeyIsRequired() {
    assertThat(Readiness.of(new Probe(REQUESTED, Optional.empty()), reply(401, "")).message())
        .isEqualTo("it requires an API key (401): set api_key_env_var to the key's variable");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://u:secret@gpu/llm/v1/models?key=secret | it redirects to https://gpu (307):"
            + " use that host in url",
        "https://other:1/x | it redirects to https://other:1/x (307): use it as url",
        "/login            | it redirects to /login (307): set health_check_endpoint to a path"
            + " that returns 200",
        "http://[          | it redirects (307) to an invalid URL: http://[",
      })
  void explainsRedirects(String location, String expected) {
    TargetReply reply = new TargetReply(307, Optional.of(location), Optional.empty(), "");
    assertThat(Readiness.of(PROBE, reply).message()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void explainsEachFailure(Throwable failure, String expected) {
    Throwable wrapped = new IllegalStateException("wrapped", failure);
    assertThat(Readiness.of(PROBE, wrapped)).isEqualTo(new Readiness(false, expected));
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused"), "connection refused by gpu:8000"),
        Arguments.of(
            new ConnectException("Network is unreachable"),
            "no connection to gpu:8000: Network is unreachable"),
        Arguments.of(
            new UnknownHostException("gpu: Name or service not known"), "unknown host 'gpu'"),
        Arguments.of(
            new TargetNetwork.NoUsableAddressException("4"),
            "gpu:8000 has no IPv4 address, and aiperf uses IPv4 only"
                + " (set AIPERF_HTTP_IP_VERSION=auto for both)"),
        Arguments.of(
            new SocketTimeoutException("Read timed out"),
            "no response within 5 s from http://gpu:8000/llm/v1/models"),
        Arguments.of(new NoRouteToHostException("x"), "no route to gpu:8000"),
        Arguments.of(new SocketException("Connection reset"), "gpu:8000 dropped the connection"),
        Arguments.of(
            new NoHttpResponseException("x"), "gpu:8000 closed the connection without a response"),
        Arguments.of(
            new ProtocolException("bad status line"),
            "gpu:8000 did not return a valid HTTP response: bad status line"),
        Arguments.of(
            new ConnectionClosedException("premature end"), "gpu:8000 dropped the connection"),
        Arguments.of(
            new SSLPeerUnverifiedException("x"),
            "TLS with gpu:8000 failed: its certificate is for another host name"),
        Arguments.of(
            new SSLException("Received fatal alert: handshake_failure"),
            "TLS with gpu:8000 failed: Received fatal alert: handshake_failure"));
  }

  @Test
  void namesAnUnknownException() {
    assertThat(Readiness.of(PROBE, new IOException("odd\r\n2026 INFO forged")).message())
        .isEqualTo("the probe failed: IOException: odd 2026 INFO forged");
  }

  @Test
  void truncatesAndEscapesBodies() {
    // given
    String body = "\u001b]0;owned\u0007\u202e" + "x".repeat(100_000);

    // when
    String message = Readiness.of(PROBE, reply(500, body)).message();

    // then
    assertThat(message).hasSizeLessThan(250).endsWith("…");
    assertThat(message)
        .contains("\\u001b]0;owned\\u0007\\u202e")
        .doesNotContain("\u001b", "\u202e");
  }

  private static TargetReply reply(int code, String body) {
    return new TargetReply(code, Optional.empty(), Optional.empty(), body);
  }
}
