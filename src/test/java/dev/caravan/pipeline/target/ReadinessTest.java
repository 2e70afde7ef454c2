package dev.caravan.pipeline.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.target.Readiness.Question;
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

  private static final URI ASKED =
      URI.create("http://user:secret@gpu:8000/llm/v1/models?key=secret");
  private static final Question QUESTION = new Question(ASKED, Optional.of("MY_API_KEY"));

  @Test
  void isReadyAt200Only() {
    assertThat(Readiness.of(QUESTION, reply(200, "")))
        .isEqualTo(new Readiness(true, "ready (200 from http://gpu:8000/llm/v1/models)"));
    assertThat(Readiness.of(QUESTION, reply(204, "")).ready()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "204 | ''           | it answers 204, not 200",
        "302 | ''           | it answers 302, not 200",
        "401 | bad key abc  | it does not accept the key in $MY_API_KEY (401)",
        "403 | ''           | it does not accept the key in $MY_API_KEY (403)",
        "404 | ''           | it has nothing at /llm/v1/models (404): set health_check_endpoint,"
            + " or none to ask nothing",
        "429 | ''           | it is too busy to answer (429), try again after 30 s",
        "500 | 'out  of\n\tmemory' | it answers 500, not 200: out of memory",
        "503 | loading      | it says it is not ready (503), try again after 30 s: loading",
      })
  void hasWordsForEachReply(int code, String body, String expected) {
    TargetReply reply = new TargetReply(code, Optional.empty(), Optional.of("30"), body);
    assertThat(Readiness.of(QUESTION, reply))
        .isEqualTo(new Readiness(false, expected, code == 401 || code == 403));
  }

  @Test
  void saysThatAKeyIsWanted() {
    assertThat(Readiness.of(new Question(ASKED, Optional.empty()), reply(401, "")).message())
        .isEqualTo("it wants a key (401): name the key's variable in api_key_env_var");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://u:secret@gpu/llm/v1/models?key=secret | it redirects to https://gpu (307):"
            + " use that host in url",
        "https://other:1/x | it redirects to https://other:1/x (307): use that as url",
        "/login            | it redirects to /login (307): set health_check_endpoint to a path"
            + " that answers 200",
        "http://[          | it redirects (307) to something that is no url: http://[",
      })
  void saysWhereARedirectLeads(String location, String expected) {
    TargetReply reply = new TargetReply(307, Optional.of(location), Optional.empty(), "");
    assertThat(Readiness.of(QUESTION, reply).message()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void hasWordsForEachFailure(Throwable failure, String expected) {
    Throwable wrapped = new IllegalStateException("wrapped", failure);
    assertThat(Readiness.of(QUESTION, wrapped)).isEqualTo(new Readiness(false, expected));
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
            new TargetNetwork.OtherAddressesOnly("4"),
            "gpu:8000 has no IPv4 address, and aiperf uses no other"
                + " (AIPERF_HTTP_IP_VERSION=auto changes that)"),
        Arguments.of(
            new SocketTimeoutException("Read timed out"),
            "no answer within 5 s from http://gpu:8000/llm/v1/models"),
        Arguments.of(new NoRouteToHostException("x"), "no route to gpu:8000"),
        Arguments.of(new SocketException("Connection reset"), "gpu:8000 drops the connection"),
        Arguments.of(
            new NoHttpResponseException("x"), "gpu:8000 closes the connection without an answer"),
        Arguments.of(
            new ProtocolException("bad status line"),
            "gpu:8000 does not answer in HTTP: bad status line"),
        Arguments.of(
            new ConnectionClosedException("premature end"), "gpu:8000 drops the connection"),
        Arguments.of(
            new SSLPeerUnverifiedException("x"),
            "TLS with gpu:8000 failed: its certificate is for another host name"),
        Arguments.of(
            new SSLException("Received fatal alert: handshake_failure"),
            "TLS with gpu:8000 failed: Received fatal alert: handshake_failure"));
  }

  @Test
  void namesWhatItDoesNotKnow() {
    assertThat(Readiness.of(QUESTION, new IOException("odd\r\n2026 INFO forged")).message())
        .isEqualTo("it could not be asked: IOException: odd 2026 INFO forged");
  }

  @Test
  void cutsBodiesAndMakesThemHarmless() {
    // given
    String body = "\u001b]0;owned\u0007\u202e" + "x".repeat(100_000);

    // when
    String message = Readiness.of(QUESTION, reply(500, body)).message();

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
