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

/** Calls a simulator the way its users do. */
final class Caller {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Simulator simulator;

  Caller(Simulator simulator) {
    this.simulator = simulator;
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send(request(path, headers).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> chat(String furtherFields) {
    return post("/v1/chat/completions", chatBody(furtherFields));
  }

  CompletableFuture<HttpResponse<String>> chatLater(String furtherFields) {
    HttpRequest.Builder request =
        request("/v1/chat/completions").POST(BodyPublishers.ofString(chatBody(furtherFields)));
    return client.sendAsync(request.build(), BodyHandlers.ofString());
  }

  InputStream chatStream() throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/v1/chat/completions")
            .POST(BodyPublishers.ofString(chatBody(", \"stream\": true")));
    return client.send(request.build(), BodyHandlers.ofInputStream()).body();
  }

  /** Sends a chat over a connection of its own, which the test may close. */
  Socket chatAndKeepTheLine() throws IOException {
    return line("");
  }

  /** Asks for a stream over a connection of its own, of which nothing is read. */
  Socket streamAndNeverRead() throws IOException {
    return line(", \"stream\": true");
  }

  private Socket line(String furtherFields) throws IOException {
    Socket socket = new Socket("127.0.0.1", simulator.port());
    String body = chatBody(furtherFields);
    String request =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String chatBody(String furtherFields) {
    return """
        {"model": "simulated-model", "messages": [{"role": "user", "content": "Hello, world"}]%s}
        """
        .formatted(furtherFields);
  }

  private HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(simulator.url() + path)).timeout(LIMIT);
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
