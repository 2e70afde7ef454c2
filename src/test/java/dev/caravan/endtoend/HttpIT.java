package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
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

/** The HTTP API and pages of the packaged daemon, and their security. */
class HttpIT extends FakeAiperfTestBase {

  private static final String TOKEN = "a-token-that-nobody-guesses";
  private static final String EVIL = "<script>alert(1)</script>";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  @Override
  void configure(Caravan program, Path folder) {
    program
        .with("CARAVAN_INBOX_SETTLE", "0s")
        .with("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString())
        .with("CARAVAN_DISK_MIN_FREE", "1MB")
        .with("CARAVAN_READINESS_INTERVAL", "300ms");
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(), path, headers);
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return send(
        HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(body)), path, headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path, String... headers)
      throws Exception {
    request.uri(URI.create(caravan.http() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private JsonNode body(HttpResponse<String> response) throws IOException {
    return json.readTree(response.body());
  }

  /** Sends a raw request; returns the whole response. */
  private String raw(String request) throws IOException {
    URI uri = URI.create(caravan.http());
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(5000);
      OutputStream out = socket.getOutputStream();
      out.write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void submitsShowsCancelsAndRetriesOverTheApi() throws Exception {
    // given
    caravan.serve();

    // when
    HttpResponse<String> bad =
        post("/api/v1/batches", config("x", "fake-ok", "").replace("concurrency", "concurency"));
    HttpResponse<String> plan =
        post("/api/v1/plan", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    HttpResponse<String> good =
        post("/api/v1/batches", config("x", "fake-hang", "retry: {attempts: 1}"));

    // then
    assertThat(bad.statusCode()).isEqualTo(422);
    assertThat(bad.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(body(bad).path("problems"))
        .anySatisfy(
            problem -> {
              assertThat(problem.path("path").asText()).isEqualTo("base_config.concurency");
              assertThat(problem.path("line").asInt()).isEqualTo(8);
            });
    assertThat(body(plan).path("total").asInt()).isEqualTo(2);
    assertThat(good.statusCode()).isEqualTo(202);
    String id = body(good).path("id").asText();
    assertThat(id).isEqualTo(home.id("x"));
    String batch = "/api/v1/batches/" + id;
    assertThat(good.headers().firstValue("location")).hasValue(batch);
    eventually().until(() -> body(get(batch + "/runs/0")).path("state").asText().equals("running"));
    assertThat(body(get("/api/v1/status")).path("queue").path(0).path("batch").asText())
        .isEqualTo(id);

    // when
    HttpResponse<String> cancelled = post(batch + "/cancel", "{\"why\": \"wrong\"}");

    // then
    assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
    home.await("x");
    assertThat(body(get(batch)).path("outcomes").path("cancelled").asInt()).isEqualTo(1);
    assertThat(body(get(batch)).path("finished_at").isTextual()).isTrue();
    assertThat(post(batch + "/retry", "{\"runs\": [0]}").statusCode()).isEqualTo(200);
    assertThat(post(batch + "/runs/7/cancel", "").statusCode()).isEqualTo(404);
    assertThat(caravan.run("serve").exit()).as("the home is still locked").isEqualTo(2);
    assertThat(post("/api/v1/pause", "{}").statusCode()).isEqualTo(200);
    assertThat(post("/api/v1/resume", "{}").statusCode()).isEqualTo(200);
    assertThat(post(batch + "/cancel", "{").statusCode()).isEqualTo(400);
  }

  @Test
  void servesRemoteCommands() throws Exception {
    // given
    caravan.serve();
    Path elsewhere = caravan.write("elsewhere/x.yaml", config("x", "fake-hang", ""));
    String bad = caravan.write("elsewhere/bad.yaml", "batch_name: 1/2\n").toString();

    // when
    Program submit = caravan.run("submit", elsewhere.toString(), "--server", caravan.http());
    Program refused = caravan.run("submit", bad, "--server", caravan.http());

    // then
    String id = home.id("x");
    assertThat(submit.exit()).as(submit.err()).isZero();
    assertThat(submit.out()).isEqualTo(id + "\n");
    assertThat(body(get("/api/v1/batches/" + id)).path("submitted_by").asText())
        .isEqualTo("http 127.0.0.1");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("1:13: batch_name: ", "model");

    // when
    Program status = caravan.run("status", "--server", caravan.http());
    Program cancel = caravan.run("cancel", id, "--why", "enough", "--server", caravan.http());

    // then
    assertThat(status.out()).contains(id);
    assertThat(cancel.exit()).as(cancel.err()).isZero();
    assertThat(cancel.out()).isEqualTo("Cancel " + id + ": done\n");
    home.await("x");
    Program unknown = caravan.run("pause", "x/20260101_000000", "--server", caravan.http());
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no batch x/20260101_000000");
    assertThat(caravan.run("resume", "--server", caravan.http()).exit()).isZero();
    Program nowhere = caravan.run("retry", id, "--server", "http://127.0.0.1:1");
    assertThat(nowhere.exit()).isEqualTo(2);
    assertThat(nowhere.err()).contains("cannot reach http://127.0.0.1:1");
  }

  @Test
  void streamsEventsAndReplaysMissedOnesAfterARestart() throws Exception {
    // given
    Program daemon = caravan.serve();
    List<String> lines = new CopyOnWriteArrayList<>();
    new Thread(() -> read("", lines)).start();
    eventually().until(() -> lines.contains("retry: 1000"));

    // when
    post("/api/v1/batches", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));

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
    caravan.serve();
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
  }

  private void read(String lastId, List<String> lines) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(caravan.http() + "/api/v1/events"))
            .header("Last-Event-ID", lastId)
            .build();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                http.send(request, BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
      in.lines().forEach(lines::add);
    } catch (Exception e) {
      lines.add(e.toString());
    }
  }

  @Test
  void servesOnlyFilesBelowABatch() throws Exception {
    // given
    caravan.serve();
    caravan.drop("x.yaml", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    home.await("x");
    Path folder = caravan.batch("x");
    Path secret = caravan.write("secret.txt", "secret");
    Files.createSymbolicLink(folder.resolve("link.txt"), secret);
    Files.createSymbolicLink(folder.resolve("up"), caravan.home());
    Files.writeString(folder.resolve("evil.html"), EVIL);
    String files = "/api/v1/batches/" + home.id("x") + "/files/";

    // when
    HttpResponse<String> part = get(files + "config.yaml", "Range", "bytes=0-9");
    HttpResponse<String> end = get(files + "config.yaml", "Range", "bytes=-5");
    HttpResponse<String> evil = get(files + "evil.html");
    HttpResponse<String> deep = get(files + "concurrency1/process_result.json");

    // then
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("batch_name");
    assertThat(end.body()).hasSize(5);
    assertThat(get(files + "config.yaml", "Range", "bytes=99999-").statusCode()).isEqualTo(416);
    assertThat(deep.statusCode()).isEqualTo(200);
    assertThat(evil.headers().firstValue("content-disposition").orElse(""))
        .startsWith("attachment");
    assertThat(evil.headers().firstValue("content-security-policy").orElse(""))
        .startsWith("sandbox");
    assertThat(evil.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    for (String name :
        List.of(
            "link.txt",
            "up/secret.txt",
            "..%2f..%2f..%2fsecret.txt",
            "%2e%2e/%2e%2e/%2e%2e/secret.txt",
            "..%5c..%5csecret.txt",
            "%252e%252e/secret.txt",
            "%00",
            "concurrency1",
            "/etc/passwd",
            "%2fetc%2fpasswd")) {
      HttpResponse<String> refused = get(files + name);
      assertThat(refused.statusCode()).as(name).isIn(400, 404);
      assertThat(refused.body()).as(name).doesNotContain("secret\n", "root:");
    }
    String host = "Host: 127.0.0.1\r\n";
    for (String path :
        List.of("/../../etc/passwd", files + "../../../../secret.txt", "/static/1/../../pom.xml")) {
      assertThat(raw("GET " + path + " HTTP/1.1\r\n" + host)).doesNotContain("root:", "<project");
    }
    for (String path : List.of("/pom.xml", "/caravan.properties", "/q/dev", "/observe/dev")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void letsAReportRunOnlyItsOwnScript() throws Exception {
    // given
    caravan.serve();
    caravan.drop("x.yaml", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    home.await("x");
    eventually().until(() -> Files.exists(caravan.batch("x").resolve("report.html")));

    // when
    HttpResponse<String> report = get("/api/v1/batches/" + home.id("x") + "/files/report.html");

    // then
    String policy = report.headers().firstValue("content-security-policy").orElse("");
    assertThat(policy)
        .startsWith("sandbox allow-scripts")
        .contains("script-src 'sha256-", "style-src 'sha256-")
        .doesNotContain("unsafe", "'self'");
  }

  @Test
  void refusesCrossSiteRequests() throws Exception {
    // given
    caravan.serve();
    String good = "Host: " + URI.create(caravan.http()).getRawAuthority() + "\r\n";
    String post = "POST /api/v1/pause HTTP/1.1\r\nContent-Length: 0\r\n";

    // then
    for (String host : List.of("evil.example", "evil.example:8090", "localhost.evil.example", "")) {
      assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 4")
          .doesNotContain("Overview");
      assertThat(raw("GET /observe/health HTTP/1.1\r\nHost: " + host + "\r\n"))
          .as(host)
          .doesNotContain("UP");
    }
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost\r\n")).startsWith("HTTP/1.1 200");
    assertThat(raw(post + good + "Origin: http://evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(raw(post + good + "Origin: null\r\n")).startsWith("HTTP/1.1 403");
    assertThat(raw(post + good + "Sec-Fetch-Site: cross-site\r\n")).startsWith("HTTP/1.1 403");
    assertThat(raw(post + good + "Sec-Fetch-Site: same-site\r\n")).startsWith("HTTP/1.1 403");
    assertThat(raw(post + good + "Origin: " + caravan.http() + "\r\n")).startsWith("HTTP/1.1 200");
    assertThat(get("/").headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(get("/").headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void escapesTextFromConfigsAndFiles() throws Exception {
    // given
    caravan.serve();
    String labels = "labels: {gpu: \"" + EVIL + "\"}\nretry: {attempts: 1}";
    caravan.drop(
        "x.yaml",
        config("x<img src=x onerror=alert(1)>", "fake-exit-3", labels)
            .replace("fake-exit-3", "\"fake-exit-3" + EVIL.replace("/", "\\/") + "\""));
    caravan.drop("y.yaml", config("y", "fake-exit-3", labels));
    home.await("y");
    Path run = caravan.batch("y");
    Files.writeString(run.resolve("stderr.log"), EVIL);
    Files.writeString(run.resolve("stdout.log"), "</pre>" + EVIL);
    Files.createDirectories(run.resolve("logs"));
    Files.writeString(run.resolve("logs/aiperf.log"), EVIL);
    Files.writeString(run.resolve(EVIL.replace("/", "") + ".txt"), "x");
    Files.writeString(caravan.home().resolve("inbox/.dead/z.yaml"), "# " + EVIL + "\n# " + EVIL);
    String batch = "/batches/" + home.id("y");

    // then
    for (String path :
        List.of("/", "/batches", batch, batch + "/runs/0", "/dead-letters", "/%3Cscript%3E")) {
      String page = get(path, "Accept", "text/html").body();
      assertThat(page).as(path).doesNotContain("<script>", "<img");
    }
    String checked =
        post(
                "/submit/check",
                "config=batch_name:+%22" + "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22",
                "Content-Type",
                "application/x-www-form-urlencoded")
            .body();
    assertThat(checked).contains("&lt;script&gt;").doesNotContain("<script>");
    assertThat(get("/data" + batch).body()).doesNotContain("<script");
  }

  @Test
  void requiresATokenWhenNotOnLoopback() throws Exception {
    // given
    caravan.with("CARAVAN_HTTP_HOST", "0.0.0.0");

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
      assertThat(get(path).statusCode()).as(path).isEqualTo(401);
      assertThat(get(path, "Authorization", "Bearer wrong").statusCode()).isEqualTo(401);
      assertThat(get(path, "Cookie", "caravan_session=9999999999.00").statusCode()).isEqualTo(401);
    }
    assertThat(post("/api/v1/pause", "").statusCode()).isEqualTo(401);
    assertThat(get("/api/v1/batches", "Authorization", "Bearer " + TOKEN).statusCode())
        .isEqualTo(200);
    assertThat(get("/", "Accept", "text/html").headers().firstValue("location")).hasValue("/login");

    // when
    String form = "application/x-www-form-urlencoded";
    HttpResponse<String> wrong = post("/login", "token=wrong", "Content-Type", form);
    HttpResponse<String> right = post("/login", "token=" + TOKEN, "Content-Type", form);

    // then
    assertThat(wrong.statusCode()).isEqualTo(401);
    String cookie = right.headers().firstValue("set-cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
    String session = cookie.substring(0, cookie.indexOf(';'));
    assertThat(get("/", "Cookie", session).statusCode()).isEqualTo(200);
    assertThat(
            post("/api/v1/pause", "", "Cookie", session, "Origin", "http://evil.example")
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void exportsMetricsOfRuns() throws Exception {
    // given
    caravan.serve();
    caravan.drop("x.yaml", config("x", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    caravan.drop("y.yaml", config("y", "fake-exit-3", "retry: {attempts: 1}"));
    home.await("x");
    home.await("y");

    // when
    String metrics = get("/observe/metrics").body();
    JsonNode health = body(get("/observe/health"));

    // then
    assertThat(metrics)
        .contains(
            "caravan_runs_total{cause=\"none\",outcome=\"succeeded\"} 2.0",
            "caravan_runs_total{cause=\"crashed\",outcome=\"failed\"} 1.0",
            "caravan_attempts_total{",
            "caravan_run_duration_seconds_bucket{outcome=\"succeeded\",le=\"5.0\"} 2",
            "caravan_run_overhead_seconds_count{outcome=\"succeeded\"} 2",
            "caravan_dead_letters 1.0",
            "caravan_batches_open 0.0",
            "caravan_healthy 1.0");
    assertThat(metrics)
        .contains("caravan_runs_total{cause=\"target_lost\",outcome=\"failed\"} 0.0");
    assertThat(metrics.lines().filter(l -> l.startsWith("caravan_")).count()).isLessThan(300);
    assertThat(metrics.lines().map(l -> l.replaceFirst("[{ ].*", "")))
        .as("what the dashboard and the alert rules name")
        .containsAll(charted("caravan.json"))
        .containsAll(charted("alerts.yaml"));
    assertThat(health.path("status").asText()).isEqualTo("UP");
    assertThat(health.path("checks").findValuesAsText("name"))
        .contains("home", "inbox", "disk", "aiperf", "broker", "targets", "runs");
    assertThat(get("/observe/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/observe/health/ready").statusCode()).isEqualTo(200);
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
    caravan.serve();
    caravan.drop("x.yaml", config("x", "fake-ok", ""));
    home.await("x");
    JsonNode page =
        json.valueToTree(new org.yaml.snakeyaml.Yaml().load(get("/api/v1/openapi.yaml").body()));
    List<String> wrong = new ArrayList<>();

    // when
    var paths = page.path("paths").properties();

    // then
    assertThat(paths).hasSizeGreaterThan(15);
    for (var path : paths) {
      String url =
          path.getKey()
              .replace("{name}/{time}", home.id("x"))
              .replace("{index}", "0")
              .replace("{file}", "config.yaml");
      for (var operation : path.getValue().properties()) {
        if (url.endsWith("/events")) {
          continue; // it does not end
        }
        HttpResponse<String> reply = operation.getKey().equals("get") ? get(url) : post(url, "{}");
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
    JsonNode body = type.contains("json") ? body(reply) : json.createObjectNode();
    List<String> fields = new ArrayList<>();
    required.forEach(field -> fields.add(field.asText()));
    return fields.stream().filter(field -> !body.has(field));
  }

  private static JsonNode referred(JsonNode page, JsonNode node) {
    String ref = node.path("$ref").asText("");
    return ref.isEmpty() ? node : page.at(ref.substring(1));
  }
}
