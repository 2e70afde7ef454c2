package dev.caravan.pipeline.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.caravan.pipeline.target.Readiness.Question;
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
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TargetClientTest {

  private static final Duration LONG = Duration.ofSeconds(4);
  private static final Duration SHORT = Duration.ofMillis(600);

  @Test
  void sendsTheKeyAndReadsTheAnswer() throws IOException {
    try (TargetServer server = TargetServer.answering(200, "models");
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply = client.ask(uri(server), Optional.of("s3cret"));

      // then
      assertThat(reply)
          .isEqualTo(new TargetReply(200, Optional.empty(), Optional.empty(), "models"));
      assertThat(server.asked).containsExactly("GET /v1/models");
      assertThat(server.keys).containsExactly("Bearer s3cret");
    }
  }

  @Test
  void masksAKeyThatTheTargetQuotes() throws IOException {
    try (TargetServer server = TargetServer.redirecting(401, "http://h/s3cret", "bad key s3cret");
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply = client.ask(uri(server), Optional.of("s3cret"));

      // then
      assertThat(reply.toString()).doesNotContain("s3cret").contains("bad key <key>");
    }
  }

  @Test
  void followsNoRedirect() throws IOException {
    try (TargetServer other = TargetServer.answering(200, "");
        TargetServer server = TargetServer.redirecting(302, uri(other).toString(), "");
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply = client.ask(uri(server), Optional.of("k"));

      // then
      assertThat(reply.code()).isEqualTo(302);
      assertThat(reply.location()).contains(uri(other).toString());
      assertThat(other.asked).isEmpty();
    }
  }

  @Test
  void asksOnlyOnceAt503() throws IOException {
    try (TargetServer server = TargetServer.answering(503, "loading");
        TargetClient client = new TargetClient(Map.of())) {
      // when
      TargetReply reply = client.ask(uri(server), Optional.empty());

      // then
      assertThat(reply.body()).isEqualTo("loading");
      assertThat(server.asked).hasSize(1);
    }
  }

  @Test
  void givesUpOnATargetThatNeverAnswers() throws IOException {
    assertThat(wordsFrom("http", socket -> socket.getInputStream().readAllBytes()))
        .startsWith("no answer within 5 s from http://127.0.0.1:");
  }

  @Test
  void givesUpOnATargetThatDripsItsHeaders() throws IOException {
    assertThat(wordsFrom("http", socket -> drip(socket, "HTTP/1.1 200 OK\r\nX-Long: ")))
        .startsWith("no answer within 5 s from http://127.0.0.1:");
  }

  @Test
  void givesUpOnATargetThatDripsItsBody() throws IOException {
    assertThat(
            wordsFrom(
                "http", socket -> drip(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")))
        .startsWith("no answer within 5 s from http://127.0.0.1:");
  }

  @Test
  void readsNoMoreOfABodyThanItNeeds() throws IOException {
    try (TargetServer server = TargetServer.answering(500, "x".repeat(5_000_000));
        TargetClient client = new TargetClient(Map.of())) {
      assertThat(client.ask(uri(server), Optional.empty()).body()).hasSize(64 * 1024);
    }
  }

  @Test
  void tellsWhoRefusesTheConnection() throws IOException {
    // given
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }

    // when
    String message = message(Map.of(), URI.create("http://localhost:" + port + "/v1/models"));

    // then
    assertThat(message).isEqualTo("connection refused by localhost:" + port);
  }

  @Test
  void tellsThatAHostIsUnknown() {
    assertThat(message(Map.of(), URI.create("http://no_such-host.invalid/v1/models")))
        .isEqualTo("unknown host 'no_such-host.invalid'");
  }

  @Test
  void tellsThatATargetClosesAtOnce() throws IOException {
    assertThat(wordsFrom("http", socket -> socket.getInputStream().readNBytes(40)))
        .endsWith(" closes the connection without an answer");
  }

  @Test
  void tellsThatAPortDoesNotSpeakTls() throws IOException {
    assertThat(wordsFrom("https", socket -> say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n")))
        .endsWith("it does not speak TLS there (should url start with http://?)");
  }

  @Test
  void tellsThatATargetIsNoHttpServer() throws IOException {
    assertThat(wordsFrom("http", socket -> say(socket, "SSH-2.0-OpenSSH_9\r\n".repeat(20))))
        .contains(" does not answer in HTTP: ");
  }

  @Test
  void usesTheAddressesThatAiperfUses() {
    URI six = URI.create("http://[::1]:9/v1/models");
    assertThat(message(Map.of(), six)).contains("[::1]:9 has no IPv4 address");
    assertThat(message(Map.of("AIPERF_HTTP_IP_VERSION", "auto"), six)).doesNotContain("address");
    assertThat(message(Map.of("AIPERF_HTTP_IP_VERSION", "6"), URI.create("http://127.0.0.1:9/")))
        .contains("127.0.0.1:9 has no IPv6 address");
  }

  /** What one connection of a server does before it is closed. */
  private interface Talk {
    void to(Socket client) throws IOException;
  }

  private static String wordsFrom(String scheme, Talk talk) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> answer = CompletableFuture.runAsync(() -> answer(server, talk));
      Instant start = Instant.now();
      String message =
          message(
              scheme.equals("http") ? SHORT : LONG,
              Map.of(),
              URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/v1/models"));
      assertThat(Duration.between(start, Instant.now())).isLessThan(LONG);
      answer.join();
      return message;
    }
  }

  private static void answer(ServerSocket server, Talk talk) {
    try (Socket socket = server.accept()) {
      talk.to(socket);
    } catch (IOException e) {
      assertThat(e).as("the client has hung up").isInstanceOf(SocketException.class);
    }
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getInputStream().readAllBytes();
  }

  /** Sends one more byte each 50 ms until the client hangs up. */
  private static void drip(Socket socket, String start) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(start.getBytes(StandardCharsets.US_ASCII));
    socket.setSoTimeout(50);
    while (isThere(socket)) {
      out.write('x');
    }
  }

  private static boolean isThere(Socket socket) throws IOException {
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
      Question question = new Question(uri, Optional.empty());
      return outcome(client, question);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String outcome(TargetClient client, Question question) throws IOException {
    TargetReply[] reply = new TargetReply[1];
    Throwable failure =
        catchThrowable(() -> reply[0] = client.ask(question.uri(), Optional.empty()));
    return failure == null
        ? Readiness.of(question, reply[0]).message()
        : Readiness.of(question, failure).message();
  }

  private static URI uri(TargetServer server) {
    return URI.create("http://localhost:" + server.port() + "/v1/models");
  }
}
