package dev.caravan.pipeline.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.caravan.pipeline.target.Readiness.Probe;
import dev.caravan.testing.RefusingPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetClientTest {

  private static final Duration SHORT = Duration.ofMillis(600);

  /** Longer than a test may take: no answer comes by it. */
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void sendsTheKeyAndReadsTheReply() throws IOException {
    try (TargetServer server = TargetServer.answering(200, "models");
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply = client.get(uri(server), RequestHeaders.NONE.withBearer("s3cret"));

      // then
      assertThat(reply)
          .isEqualTo(new TargetReply(200, Optional.empty(), Optional.empty(), "models"));
      assertThat(server.requests).containsExactly("GET /v1/models");
      assertThat(server.authorizations).containsExactly("Bearer s3cret");
    }
  }

  @Test
  void masksAKeyQuotedByTheTarget() throws IOException {
    try (TargetServer server = TargetServer.redirecting(401, "http://h/s3cret", "bad key s3cret");
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply = client.get(uri(server), RequestHeaders.NONE.withBearer("s3cret"));

      // then
      assertThat(reply.toString()).doesNotContain("s3cret").contains("bad key <key>");
    }
  }

  @Test
  void doesNotFollowRedirects() throws IOException {
    try (TargetServer other = TargetServer.answering(200, "");
        TargetServer server = TargetServer.redirecting(302, uri(other).toString(), "");
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply = client.get(uri(server), RequestHeaders.NONE.withBearer("k"));

      // then
      assertThat(reply.code()).isEqualTo(302);
      assertThat(reply.location()).contains(uri(other).toString());
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  void doesNotRetryA503() throws IOException {
    try (TargetServer server = TargetServer.answering(503, "loading");
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply = client.get(uri(server), RequestHeaders.NONE);

      // then
      assertThat(reply.body()).isEqualTo("loading");
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void timesOutOnASilentTarget() throws IOException {
    assertThat(messageFrom("http", SHORT, socket -> socket.getInputStream().readAllBytes()))
        .startsWith("no response within 5 s from http://127.0.0.1:");
  }

  @Test
  void timesOutOnATargetThatDripsHeaders() throws IOException {
    assertThat(messageFrom("http", SHORT, socket -> drip(socket, "HTTP/1.1 200 OK\r\nX-Long: ")))
        .startsWith("no response within 5 s from http://127.0.0.1:");
  }

  @Test
  void timesOutOnATargetThatDripsItsBody() throws IOException {
    assertThat(
            messageFrom(
                "http",
                SHORT,
                socket -> drip(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")))
        .startsWith("no response within 5 s from http://127.0.0.1:");
  }

  @Test
  void limitsTheBody() throws IOException {
    try (TargetServer server = TargetServer.answering(500, "x".repeat(5_000_000));
        TargetClient client = new TargetClient(Map.of())) {
      assertThat(client.get(uri(server), RequestHeaders.NONE).body()).hasSize(64 * 1024);
    }
  }

  @Test
  void takesTheStartOfABodyWithoutEnd() throws IOException {
    // given: a body in chunks, which is read to its end when it is closed
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    String start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5);
    // then
    assertThat(messageFrom("http", socket -> drip(socket, start))).startsWith("ready (200 ");
  }

  @Test
  void namesTheHostThatRefusesTheConnection() throws IOException {
    try (RefusingPort port = new RefusingPort()) {
      // when
      String host = "localhost:" + port.number();
      String message = message(Map.of(), URI.create("http://" + host + "/v1/models"));

      // then
      assertThat(message).isEqualTo("connection refused by " + host + " (GET /v1/models)");
    }
  }

  @Test
  void reportsAnUnknownHost() {
    assertThat(message(Map.of(), URI.create("http://no_such-host.invalid/v1/models")))
        .startsWith("unknown host 'no_such-host.invalid'");
  }

  @Test
  void reportsATargetThatClosesAtOnce() throws IOException {
    assertThat(messageFrom("http", socket -> socket.getInputStream().readNBytes(40)))
        .contains(" closed the connection without a response");
  }

  @Test
  void reportsAPortWithoutTls() throws IOException {
    assertThat(messageFrom("https", socket -> send(socket, "HTTP/1.1 400 Bad Request\r\n\r\n")))
        .contains("the port does not use TLS (should url start with http://?)");
  }

  @Test
  void reportsATargetThatIsNotAnHttpServer() throws IOException {
    assertThat(messageFrom("http", socket -> send(socket, "SSH-2.0-OpenSSH_9\r\n".repeat(20))))
        .contains(" did not return a valid HTTP response: ");
  }

  @Test
  void reportsAStatusThatIsNone() throws IOException {
    String reply = "HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n";
    assertThat(messageFrom("http", socket -> send(socket, reply)))
        .contains(" did not return a valid HTTP response: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 |O",
        "HTTP/1.1 200 OK\r\nX: |a",
        "HTTP/1.1 200 OK\r\n|X-A: a\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;|a"
      })
  void endsAReplyWithoutEnd(String reply) throws IOException {
    // given: 16 MB, as a service that never ends would fill the memory
    String[] parts = reply.split("\\|");
    String endless = parts[1].repeat((16 << 20) / parts[1].length());
    // then
    assertThat(messageFrom("http", socket -> send(socket, parts[0] + endless)))
        .contains(" did not return a valid HTTP response: Maximum ");
  }

  @ParameterizedTest
  @CsvSource({"95, 16000, ready (200 ", "101, 1, Maximum", "1, 17000, Maximum"})
  void boundsTheHeader(int lines, int length, String message) throws IOException {
    // given
    String line = "X-A: " + "a".repeat(length) + "\r\n";
    String header = "Content-Length: 0\r\n" + line.repeat(Math.max(1, lines - 1));
    // then
    assertThat(messageFrom("http", socket -> send(socket, "HTTP/1.1 200 OK\r\n" + header + "\r\n")))
        .contains(message);
  }

  @Test
  void usesTheIpVersionThatAiperfUses() {
    URI ipv6 = URI.create("http://[::1]:9/v1/models");
    assertThat(message(Map.of(), ipv6)).contains("[::1]:9 has no IPv4 address");
    assertThat(message(Map.of("AIPERF_HTTP_IP_VERSION", "auto"), ipv6)).doesNotContain("address");
    assertThat(message(Map.of("AIPERF_HTTP_IP_VERSION", "6"), URI.create("http://127.0.0.1:9/")))
        .contains("127.0.0.1:9 has no IPv6 address");
  }

  /** Handles one server connection before it is closed. */
  private interface ConnectionHandler {
    void handle(Socket client) throws IOException;
  }

  private static String messageFrom(String scheme, ConnectionHandler handler) throws IOException {
    return messageFrom(scheme, LONG, handler);
  }

  private static String messageFrom(String scheme, Duration limit, ConnectionHandler handler)
      throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> connection =
          CompletableFuture.runAsync(() -> accept(server, handler));
      URI uri = URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/v1/models");
      String message = message(limit, Map.of(), uri);
      connection.join();
      return message;
    }
  }

  private static void accept(ServerSocket server, ConnectionHandler handler) {
    try (Socket socket = server.accept()) {
      handler.handle(socket);
    } catch (IOException e) {
      assertThat(e).as("the client closed the connection").isInstanceOf(SocketException.class);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getInputStream().readAllBytes();
  }

  /** Sends one byte every 50 ms until the client closes the connection. */
  private static void drip(Socket socket, String start) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(start.getBytes(StandardCharsets.US_ASCII));
    socket.setSoTimeout(50);
    while (isConnected(socket)) {
      out.write('x');
    }
  }

  private static boolean isConnected(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  static String message(Map<String, String> environment, URI uri) {
    return message(LONG, environment, uri);
  }

  private static String message(Duration limit, Map<String, String> environment, URI uri) {
    try (TargetClient client = new TargetClient(environment, limit)) {
      Probe probe = Probe.get(uri, Optional.empty());
      return probeMessage(client, probe);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String probeMessage(TargetClient client, Probe probe) throws IOException {
    TargetReply[] reply = new TargetReply[1];
    Throwable failure =
        catchThrowable(() -> reply[0] = client.get(probe.uri(), RequestHeaders.NONE));
    return failure == null
        ? Readiness.of(probe, reply[0]).message()
        : Readiness.of(probe, failure).message();
  }

  private static URI uri(TargetServer server) {
    return URI.create("http://localhost:" + server.port() + "/v1/models");
  }
}
