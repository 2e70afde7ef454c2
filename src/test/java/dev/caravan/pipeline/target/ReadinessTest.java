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
  private static final Probe PROBE = Probe.get(REQUESTED, Optional.of("MY_API_KEY"));

  private static final String OTHER_PROBE =
      "; to probe another path, set readiness.endpoint; to probe none, set"
          + " health_check_endpoint: none";

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
        "204 | true  | ''           | GET /llm/v1/models returned 204 instead of 200; …",
        "302 | true  | ''           | GET /llm/v1/models returned 302 instead of 200; …",
        "400 | true  | what?        | GET /llm/v1/models returned 400 instead of 200: what?; …",
        "401 | true  | bad key abc  | it rejected the key in $MY_API_KEY: GET /llm/v1/models returned"
            + " 401: bad key abc; …",
        "403 | true  | ''           | it denies access with $MY_API_KEY: GET /llm/v1/models returned"
            + " 403; …",
        "404 | true  | gone         | it has no such path: GET /llm/v1/models returned 404: gone; …",
        "407 | true  | ''           | the proxy requires a user name and password: GET /llm/v1/models"
            + " returned 407",
        "408 | false | ''           | GET /llm/v1/models returned 408 instead of 200; …",
        "429 | false | slow         | it is overloaded: GET /llm/v1/models returned 429, retry after"
            + " 30 s: slow",
        "500 | false | 'out  of\n\tmemory' | GET /llm/v1/models returned 500 instead of 200: out of"
            + " memory; …",
        "503 | false | loading      | it is unavailable: GET /llm/v1/models returned 503, retry after"
            + " 30 s: loading",
      })
  void explainsEachReply(int code, boolean refused, String body, String expected) {
    TargetReply reply = new TargetReply(code, Optional.empty(), Optional.of("30"), body);
    assertThat(Readiness.of(PROBE, reply))
        .isEqualTo(new Readiness(false, expected.replace("; …", OTHER_PROBE), refused));
  }

  @Test
  void proposesAnotherProbeOnlyInsteadOfAProbe() {
    // given
    Probe completion = Probe.post(REQUESTED, Optional.empty());
    // then
    assertThat(Readiness.of(completion, reply(404, "")).message())
        .isEqualTo("it has no such path: POST /llm/v1/models returned 404");
    assertThat(Readiness.of(completion, reply(502, "bad gateway")).message())
        .isEqualTo(
            "POST /llm/v1/models returned 502 instead of 200: bad gateway; to start without this"
                + " check, set readiness.preflight: false");
  }

  @Test
  void explainsThatAKeyIsRequired() {
    assertThat(Readiness.of(Probe.get(REQUESTED, Optional.empty()), reply(401, "")).message())
        .startsWith(
            "it requires an API key (set api_key_env_var to the key's variable): GET"
                + " /llm/v1/models returned 401");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://u:secret@gpu/llm/v1/models?key=secret | it redirects to https://gpu (…):"
            + " use that host in url",
        "https://other:1/x | it redirects to https://other:1/x (…): use it as url",
        "/login            | it redirects to /login (…): set readiness.endpoint to a path"
            + " that returns 200",
        "http://[          | it redirects to an invalid URL: …: http://[",
      })
  void explainsRedirects(String location, String expected) {
    TargetReply reply = new TargetReply(307, Optional.of(location), Optional.empty(), "");
    assertThat(Readiness.of(PROBE, reply).message())
        .isEqualTo(expected.replace("…", "GET /llm/v1/models returned 307"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void explainsEachFailure(Throwable failure, String expected) {
    Throwable wrapped = new IllegalStateException("wrapped", failure);
    assertThat(Readiness.of(PROBE, wrapped))
        .isEqualTo(new Readiness(false, expected + " (GET /llm/v1/models)"));
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
        .isEqualTo("the probe failed: IOException: odd 2026 INFO forged (GET /llm/v1/models)");
  }

  @Test
  void truncatesAndEscapesBodies() {
    // given
    String body = "\u001b]0;owned\u0007\u202e" + "x".repeat(100_000);

    // when
    String message = Readiness.of(PROBE, reply(500, body)).message();

    // then
    assertThat(message).hasSizeLessThan(350).contains("…; to probe another path");
    assertThat(message)
        .contains("\\u001b]0;owned\\u0007\\u202e")
        .doesNotContain("\u001b", "\u202e");
  }

  private static TargetReply reply(int code, String body) {
    return new TargetReply(code, Optional.empty(), Optional.empty(), body);
  }
}
