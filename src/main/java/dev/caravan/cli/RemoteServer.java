package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.config.Setting;
import dev.caravan.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A daemon that a command speaks to over HTTP, in place of the files of a home. */
final class RemoteServer {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final Settings settings;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /** The daemon at this URL; its token, if it asks for one, is that of caravan.http.token-file. */
  RemoteServer(URI base, Settings settings) {
    this.base = base;
    this.settings = settings;
  }

  /** What it answers at this path of its API. */
  JsonNode get(String path) throws IOException, InterruptedException {
    return answer(request(path).GET());
  }

  /** What it answers to a config at this path. */
  JsonNode postConfig(String path, byte[] yaml) throws IOException, InterruptedException {
    return answer(
        request(path)
            .header("Content-Type", "application/yaml")
            .POST(BodyPublishers.ofByteArray(yaml)));
  }

  /** Gives an order; what became of it. */
  String order(String path, Map<String, Object> body) throws IOException, InterruptedException {
    return answer(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))))
        .path("result")
        .asText();
  }

  /** The path of a batch ({@code name/timestamp}) or of a run of it. */
  static String path(String name) throws IOException {
    String[] parts = name.replaceFirst("/+$", "").split("/");
    if (parts.length < 2 || parts.length > 3) {
      throw new IOException(
          "with --server, name it by <batch_name>/<timestamp>[/<run folder>], not \""
              + name
              + "\"");
    }
    String batch = "batches/" + encoded(parts[0]) + "/" + encoded(parts[1]);
    return parts.length == 2 ? batch : batch + "/runs/" + encoded(parts[2]);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) throws IOException {
    String root = base.toString().replaceFirst("/+$", "");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root + "/api/v1/" + path)).timeout(PATIENCE);
    String file = settings.text(Setting.HTTP_TOKEN_FILE);
    if (!file.isBlank()) {
      Path token = settings.home().resolve(file);
      request.header("Authorization", "Bearer " + Files.readString(token).strip());
    }
    return request;
  }

  private JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    var response = http.send(request.build(), BodyHandlers.ofByteArray());
    boolean isJson = response.headers().firstValue("content-type").orElse("").contains("json");
    if (!isJson) {
      throw new IOException(base + " answered " + response.statusCode() + ", and no JSON");
    }
    JsonNode answer = JSON.readTree(response.body());
    if (response.statusCode() >= 400) {
      throw new IOException(words(answer));
    }
    return answer;
  }

  private static String words(JsonNode problem) {
    String lines =
        StreamSupport.stream(problem.path("problems").spliterator(), false)
            .map(
                p ->
                    "\n"
                        + p.path("line").asInt()
                        + ":"
                        + p.path("column").asInt()
                        + ": "
                        + p.path("path").asText()
                        + ": "
                        + p.path("message").asText())
            .collect(Collectors.joining());
    return problem.path("detail").asText() + lines;
  }
}
