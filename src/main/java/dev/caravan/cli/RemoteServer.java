package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A daemon that a command speaks to over HTTP, in place of the files of a home. */
final class RemoteServer {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration REPORT_PATIENCE = Duration.ofMinutes(5);
  private static final Collector<CharSequence, ?, String> SLASHED = Collectors.joining("/");
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

  /** The bytes that it answers at this path. */
  byte[] bytes(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = sent(request(path).timeout(REPORT_PATIENCE).GET().build());
    if (response.statusCode() >= 400) {
      throw new IOException(message(json(response)));
    }
    return response.body();
  }

  /**
   * A batch or run there.
   *
   * @param id its id
   * @param batch id of its batch
   * @param folder of the batch, as people see it there
   * @param path of it below the API
   */
  record Named(String id, String batch, String folder, String path) {

    /** Whether it is a run and no batch. */
    boolean isRun() {
      return !id.equals(batch);
    }
  }

  /** What is meant by an id, a bare batch name or {@code latest}; it is asked. */
  Named named(String name) throws IOException, InterruptedException {
    JsonNode found = get("find?name=" + encoded(name.replaceFirst("/+$", "")));
    String batch = found.path("batch").asText();
    JsonNode run = found.path("run_index");
    return new Named(
        found.path("id").asText(),
        batch,
        found.path("folder").asText(),
        batchPath(batch) + (run.isInt() ? "/runs/" + run.asInt() : ""));
  }

  /** The path of a batch below the API. */
  static String batchPath(String id) {
    return "batches/" + Arrays.stream(id.split("/")).map(RemoteServer::encoded).collect(SLASHED);
  }

  /** The path of a report of these batches. */
  static String reportPath(List<String> ids, String format) {
    String each = ids.stream().map(RemoteServer::encoded).collect(Collectors.joining(","));
    return "report?format=" + format + "&batches=" + encoded(each);
  }

  /** It cannot be reached: not there, not yet, or not any more. */
  static final class Unreachable extends IOException {

    private static final long serialVersionUID = 1;

    private Unreachable(URI base, IOException cause) {
      super("cannot reach " + base + "; is `caravan serve` running there?", cause);
    }
  }

  /** A text as a part of a path or query. */
  static String encoded(String text) {
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
    HttpResponse<byte[]> response = sent(request.build());
    JsonNode answer = json(response);
    if (response.statusCode() >= 400) {
      throw new IOException(message(answer));
    }
    return answer;
  }

  private JsonNode json(HttpResponse<byte[]> response) throws IOException {
    if (!response.headers().firstValue("content-type").orElse("").contains("json")) {
      throw new IOException(base + " answered " + response.statusCode() + ", and no JSON");
    }
    return JSON.readTree(response.body());
  }

  private HttpResponse<byte[]> sent(HttpRequest request) throws IOException, InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (HttpTimeoutException | ConnectException e) {
      throw new Unreachable(base, e);
    }
  }

  private static String message(JsonNode problem) {
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
