package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The HTTP server of a daemon that is restarted, counted, asked for everything, or not on loopback.
 */
class HttpDaemonIT extends SharedDaemonTestBase {

  private static final String TOKEN = "a-token-that-nobody-guesses";

  private final Api api = new Api(caravan::http);

  @Test
  void streamsEventsAndCountsRunsAndReplaysMissedEventsAfterARestart() throws Exception {
    // given
    List<String> lines = new CopyOnWriteArrayList<>();
    new Thread(() -> read("", lines)).start();
    eventually().until(() -> lines.contains("retry: 1000"));

    // when
    api.post("/api/v1/batches", config("streamed", "fake-ok", "sweeps: {concurrency: [1, 2]}"));

    // then
    eventually().until(() -> lines.contains("event: batch.finished"));
    assertThat(lines)
        .containsSubsequence(
            "event: batch.accepted",
            "event: run.started",
            "event: run.finished",
            "event: run.finished",
            "event: batch.finished");

    // when
    String seen = lines.stream().filter(l -> l.startsWith("id: ")).findFirst().orElseThrow();
    daemon.terminate();
    daemon.exit();
    daemon = caravan.serve();
    List<String> again = new CopyOnWriteArrayList<>();
    new Thread(() -> read(seen.substring(4), again)).start();
    List<String> unknown = new CopyOnWriteArrayList<>();
    new Thread(() -> read("older-7", unknown)).start();

    // then
    eventually().until(() -> again.contains("event: batch.finished"));
    assertThat(again)
        .doesNotContain("event: batch.accepted", "event: reset")
        .contains("event: run.started");
    eventually().until(() -> unknown.contains("event: reset"));

    // and
    assertCountsRunsFromItsStart();
  }

  private void assertCountsRunsFromItsStart() throws Exception {
    // given
    caravan.drop("counted-x.yaml", config("counted-x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    caravan.drop("counted-y.yaml", config("counted-y", "fake-exit-3", "retry: {attempts: 1}"));
    home.await("counted-x");
    home.await("counted-y");

    // then: the daemon counts on while it lets go of the batches
    eventually().untilAsserted(this::assertCountedRuns);
    String metrics = api.get("/observe/metrics").body();
    assertThat(metrics.lines().filter(l -> l.startsWith("caravan_")).count()).isLessThan(300);
    assertThat(metrics.lines().map(l -> l.replaceFirst("[{ ].*", "")))
        .as("what the dashboard and the alert rules name")
        .containsAll(charted("caravan.json"))
        .containsAll(charted("alerts.yaml"));
    JsonNode health = api.body(api.get("/observe/health"));
    assertThat(health.path("status").asText()).isEqualTo("UP");
    assertThat(health.path("checks").findValuesAsText("name"))
        .contains(
            "home", "inbox", "results", "locks", "disk", "aiperf", "broker", "targets", "runs");
    assertThat(api.get("/observe/health/live").statusCode()).isEqualTo(200);
    assertThat(api.get("/observe/health/ready").statusCode()).isEqualTo(200);
  }

  private void assertCountedRuns() throws Exception {
    assertThat(api.get("/observe/metrics").body())
        .contains(
            "caravan_runs_total{cause=\"none\",outcome=\"succeeded\"} 2.0",
            "caravan_runs_total{cause=\"crashed\",outcome=\"failed\"} 1.0",
            "caravan_runs_total{cause=\"target_lost\",outcome=\"failed\"} 0.0",
            "caravan_attempts_total{",
            "caravan_run_duration_seconds_bucket{outcome=\"succeeded\",le=\"60.0\"} 2",
            "caravan_run_overhead_seconds_count{outcome=\"succeeded\"} 2",
            "caravan_dead_letters 1.0",
            "caravan_batches_open 0.0",
            "caravan_healthy 1.0");
  }

  private void read(String lastId, List<String> lines) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(caravan.http() + "/api/v1/events"))
            .header("Last-Event-ID", lastId)
            .build();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body(),
                StandardCharsets.UTF_8))) {
      in.lines().forEach(lines::add);
    } catch (Exception e) {
      lines.add(e.toString());
    }
  }

  @Test
  void requiresATokenWhenNotOnLoopback(@TempDir Path folder) throws Exception {
    // given
    try (Caravan exposed = Caravan.in(folder).withAiperf(FakeAiperf.in(folder.resolve("bin")))) {
      requiresAToken(exposed.with("CARAVAN_HTTP_HOST", "0.0.0.0"));
    }
  }

  private static void requiresAToken(Caravan caravan) throws Exception {
    Api api = new Api(caravan::http);

    // then
    Program refused = caravan.run("serve");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.lastLine()).contains("caravan.http.token-file");

    // given
    Path file = caravan.write("token", TOKEN + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    caravan.with("CARAVAN_HTTP_TOKEN_FILE", "token");
    assertThat(caravan.run("serve").lastLine()).contains("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

    // when
    caravan.serve();

    // then
    List<String> paths =
        List.of(
            "/",
            "/batches",
            "/submit",
            "/api/v1/batches",
            "/api/v1/events",
            "/observe/health",
            "/observe/metrics",
            "/events",
            "/api/v1/openapi.yaml");
    for (String path : paths) {
      assertThat(api.get(path).statusCode()).as(path).isEqualTo(401);
      assertThat(api.get(path, "Authorization", "Bearer wrong").statusCode()).isEqualTo(401);
      assertThat(api.get(path, "Cookie", "caravan_session=9999999999.00").statusCode())
          .isEqualTo(401);
    }
    assertThat(api.post("/api/v1/pause", "").statusCode()).isEqualTo(401);
    assertThat(api.get("/api/v1/batches", "Authorization", "Bearer " + TOKEN).statusCode())
        .isEqualTo(200);
    assertThat(api.get("/", "Accept", "text/html").headers().firstValue("location"))
        .hasValue("/login");

    // when
    String form = "application/x-www-form-urlencoded";
    HttpResponse<String> wrong = api.post("/login", "token=wrong", "Content-Type", form);
    HttpResponse<String> right = api.post("/login", "token=" + TOKEN, "Content-Type", form);

    // then
    assertThat(wrong.statusCode()).isEqualTo(401);
    String cookie = right.headers().firstValue("set-cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
    String session = cookie.substring(0, cookie.indexOf(';'));
    assertThat(api.get("/", "Cookie", session).statusCode()).isEqualTo(200);
    assertThat(
            api.post("/api/v1/pause", "", "Cookie", session, "Origin", "http://evil.example")
                .statusCode())
        .isEqualTo(403);
  }

  private static Set<String> charted(String file) throws IOException {
    Set<String> names =
        Pattern.compile("caravan_[a-z_]+")
            .matcher(Files.readString(Path.of("docs/grafana").resolve(file)))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertThat(names).as(file).hasSizeGreaterThan(4);
    return names;
  }

  @Test
  void respondsAsDescribedByOpenApi() throws Exception {
    // given
    caravan.drop("described.yaml", config("described", "fake-ok", ""));
    home.await("described");
    JsonNode page =
        new ObjectMapper()
            .valueToTree(
                new org.yaml.snakeyaml.Yaml().load(api.get("/api/v1/openapi.yaml").body()));
    List<String> wrong = new ArrayList<>();

    // when
    var paths = page.path("paths").properties();

    // then
    assertThat(paths).hasSizeGreaterThan(15);
    for (var path : paths) {
      String url =
          path.getKey()
              .replace("{name}/{time}", home.id("described"))
              .replace("{index}", "0")
              .replace("{file}", "config.yaml");
      for (var operation : path.getValue().properties()) {
        if (url.endsWith("/events")) {
          continue; // it does not end
        }
        HttpResponse<String> reply =
            operation.getKey().equals("get") ? api.get(url) : api.post(url, "{}");
        JsonNode declared = operation.getValue().path("responses");
        if (!declared.has(String.valueOf(reply.statusCode()))) {
          wrong.add(operation.getKey() + " " + url + " answered " + reply.statusCode());
        } else {
          missing(page, declared.path(String.valueOf(reply.statusCode())), reply)
              .forEach(field -> wrong.add(url + " lacks " + field));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Fields that OpenAPI declares and the response lacks. */
  private Stream<String> missing(JsonNode page, JsonNode response, HttpResponse<String> reply)
      throws IOException {
    JsonNode answer = referred(page, response);
    JsonNode content = answer.path("content");
    String type = reply.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
    if (!content.isEmpty() && !content.has(type)) {
      return Stream.of(type);
    }
    JsonNode required = referred(page, content.path(type).path("schema")).path("required");
    JsonNode body = type.contains("json") ? api.body(reply) : JsonNodeFactory.instance.objectNode();
    List<String> fields = new ArrayList<>();
    required.forEach(field -> fields.add(field.asText()));
    return fields.stream().filter(field -> !body.has(field));
  }

  private static JsonNode referred(JsonNode page, JsonNode node) {
    String ref = node.path("$ref").asText("");
    return ref.isEmpty() ? node : page.at(ref.substring(1));
  }
}
