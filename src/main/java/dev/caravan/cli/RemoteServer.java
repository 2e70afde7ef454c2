package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.config.text.Slashes;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Client of a daemon's HTTP API, used by commands with {@code --server}. */
final class RemoteServer {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteServer.class);
  private static final long RETRY_MILLIS = 500;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration REPORT_TIMEOUT = Duration.ofMinutes(5);
  private static final Collector<CharSequence, ?, String> JOIN_BY_SLASH = Collectors.joining("/");

  private final URI base;
  private final Settings settings;
  private final boolean patient;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /**
   * The daemon at this URL; sends the token of {@code caravan.http.token-file} when that is set.
   */
  RemoteServer(URI base, Settings settings) {
    this(base, settings, false);
  }

  private RemoteServer(URI base, Settings settings, boolean patient) {
    this.base = base;
    this.settings = settings;
    this.patient = patient;
  }

  /**
   * This daemon for followers of batches: repeats requests while it is unreachable, since a
   * restarted daemon resumes its batches.
   */
  RemoteServer patient() {
    return new RemoteServer(base, settings, true);
  }

  /** The JSON at this path of the API. */
  JsonNode get(String path) throws IOException, InterruptedException {
    return sendForJson(request(path).GET());
  }

  /** Posts a config to this path of the API; returns the JSON response. */
  JsonNode postConfig(String path, byte[] yaml) throws IOException, InterruptedException {
    return sendForJson(
        request(path)
            .header("Content-Type", "application/yaml")
            .POST(BodyPublishers.ofByteArray(yaml)));
  }

  /** Posts a control request; returns the message with its result. */
  String postControl(String path, Object body) throws IOException, InterruptedException {
    return sendForJson(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body))))
        .path("result")
        .asText();
  }

  /** The response body at this path of the API. */
  byte[] bytes(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(request(path).timeout(REPORT_TIMEOUT).GET().build());
    if (response.statusCode() >= 400) {
      throw new IOException(message(json(response)));
    }
    return response.body();
  }

  /** Whether there is something at this path of the API. */
  boolean exists(String path) throws IOException, InterruptedException {
    return send(request(path).method("HEAD", BodyPublishers.noBody()).build()).statusCode() == 200;
  }

  /**
   * A batch or run of the daemon.
   *
   * @param id id of the batch or run
   * @param batch id of the batch
   * @param folder folder of the batch, relative to the daemon's home when inside it
   * @param path path of the batch or run below the API
   */
  record Match(String id, String batch, String folder, String path) {

    /** Whether this is a run rather than a batch. */
    boolean isRun() {
      return !id.equals(batch);
    }
  }

  /** Asks the daemon which batch or run an id, a batch name or {@code latest} means. */
  Match find(String name) throws IOException, InterruptedException {
    JsonNode found = get("find?name=" + encoded(Slashes.withoutFinal(name)));
    String batch = found.path("batch").asText();
    JsonNode run = found.path("run_index");
    return new Match(
        found.path("id").asText(),
        batch,
        found.path("folder").asText(),
        batchPath(batch) + (run.isInt() ? "/runs/" + run.asInt() : ""));
  }

  /** The path of a batch below the API. */
  static String batchPath(String id) {
    return "batches/"
        + Arrays.stream(id.split("/")).map(RemoteServer::encoded).collect(JOIN_BY_SLASH);
  }

  /** The path of a report of these batches. */
  static String reportPath(List<String> ids, String format) {
    String list = ids.stream().map(RemoteServer::encoded).collect(Collectors.joining(","));
    return "report?format=" + format + "&batches=" + encoded(list);
  }

  /** A text percent-encoded for a path segment or query value. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) throws IOException {
    String root = Slashes.withoutFinal(base.toString());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root + "/api/v1/" + path)).timeout(TIMEOUT);
    String file = settings.text(Setting.HTTP_TOKEN_FILE);
    if (!file.isBlank()) {
      request.header("Authorization", "Bearer " + token(settings.home().resolve(file)));
    }
    return request;
  }

  private static String token(Path file) throws IOException {
    try {
      String token = RegularFiles.text(file.toRealPath()).strip();
      if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new SettingsRefusedException(
            Setting.HTTP_TOKEN_FILE.key() + ": " + file + " must hold a single token");
      }
      return token;
    } catch (IOException e) {
      throw new IOException(Setting.HTTP_TOKEN_FILE.key() + ": cannot read " + file + ": " + e, e);
    }
  }

  private JsonNode sendForJson(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response = send(request.build());
    JsonNode body = json(response);
    if (response.statusCode() >= 400) {
      throw new IOException(message(body));
    }
    return body;
  }

  private JsonNode json(HttpResponse<byte[]> response) throws IOException {
    if (!response.headers().firstValue("content-type").orElse("").contains("json")) {
      throw new IOException(
          base + " answered with status " + response.statusCode() + " and no JSON");
    }
    return Json.MAPPER.readTree(response.body());
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
    boolean unreachable = false;
    while (true) {
      try {
        HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
        if (unreachable) {
          LOG.info("The daemon is reachable again");
        }
        return response;
      } catch (IOException e) {
        String problem = problem(e);
        if (!patient || e instanceof SSLException || e instanceof ProtocolException) {
          throw new IOException(problem, e);
        }
        if (!unreachable) {
          LOG.warn("{}; retrying", problem);
        }
        unreachable = true;
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    }
  }

  private String problem(IOException e) {
    return e instanceof HttpTimeoutException || e instanceof ConnectException
        ? "cannot reach " + base + "; is `caravan serve` running there?"
        : "the connection to " + base + " broke off: " + e;
  }

  private static String message(JsonNode problem) {
    String lines =
        StreamSupport.stream(problem.path("problems").spliterator(), false)
            .map(RemoteServer::line)
            .collect(Collectors.joining());
    return problem.path("detail").asText() + lines;
  }

  private static String line(JsonNode problem) {
    String option = problem.path("option").asText();
    String place = problem.path("line").asInt() + ":" + problem.path("column").asInt();
    return "\n"
        + (option.isEmpty() ? place : option)
        + ": "
        + problem.path("path").asText()
        + ": "
        + problem.path("message").asText();
  }
}
