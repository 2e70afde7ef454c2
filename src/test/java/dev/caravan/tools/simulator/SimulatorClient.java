package dev.caravan.tools.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** An HTTP client of a simulator. */
final class SimulatorClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Simulator simulator;

  SimulatorClient(Simulator simulator) {
    this.simulator = simulator;
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> chat(String extraFields) {
    return post("/v1/chat/completions", chatBody(extraFields));
  }

  CompletableFuture<HttpResponse<String>> chatAsync(String extraFields) {
    HttpRequest.Builder request =
        request("/v1/chat/completions").POST(BodyPublishers.ofString(chatBody(extraFields)));
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  InputStream chatStream() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/v1/chat/completions")
            .POST(BodyPublishers.ofString(chatBody(", \"stream\": true")));
    return client.send(request.build(), BodyHandlers.ofInputStream()).body();
  }

  /** Sends a chat request over a separate connection, which the test may close. */
  Socket openChat() throws IOException {
    return open("");
  }

  /** Requests a stream over a separate connection and reads nothing. */
  Socket openUnreadStream() throws IOException {
    return open(", \"stream\": true");
  }

  private Socket open(String extraFields) throws IOException {
    Socket socket = new Socket("127.0.0.1", simulator.port());
    String body = chatBody(extraFields);
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String chatBody(String extraFields) {
    return """
        {"model": "simulated-model", "messages": [{"role": "user", "content": "Hello, world"}]%s}
        """
        .formatted(extraFields);
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(simulator.url() + path)).timeout(TIMEOUT);
    return headers.length == 0 ? request : request.headers(headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
