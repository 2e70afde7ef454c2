package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** A client of a daemon's HTTP server; headers are names and values by turns. */
final class Api {

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final Supplier<String> base;

  /** A client of the server at this URL, which may be known later only. */
  Api(Supplier<String> base) {
    this.base = base;
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(), path, headers);
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return send(
        HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)), path, headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path, String... headers)
      throws Exception {
    request.uri(URI.create(base.get() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  JsonNode body(HttpResponse<String> response) throws IOException {
    return json.readTree(response.body());
  }

  /** Cancels what is not finished and resumes what is paused; waits until nothing is left. */
  void endBatches() throws Exception {
    post("/api/v1/resume", "{}");
    for (JsonNode each : queue()) {
      post("/api/v1/batches/" + each.path("batch").asText() + "/cancel", "{}");
    }
    eventually().until(() -> queue().isEmpty());
  }

  private JsonNode queue() throws Exception {
    return body(get("/api/v1/status")).path("queue");
  }

  /** Sends a raw request; returns the whole response. */
  String raw(String request) throws IOException {
    URI uri = URI.create(base.get());
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout((int) Program.TIMEOUT.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
