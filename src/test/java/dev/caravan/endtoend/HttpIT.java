package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.ExecutedCommand;
import dev.caravan.testing.Program;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The HTTP API and pages of the packaged daemon, and their security. */
class HttpIT extends SharedDaemonTestBase {

  private static final String EVIL = "<script>alert(1)</script>";

  private final Api api = new Api(caravan::http);

  @Test
  void submitsShowsCancelsAndRetriesOverTheApi() throws Exception {
    // when
    HttpResponse<String> bad =
        api.post(
            "/api/v1/batches", config("api", "fake-ok", "").replace("concurrency", "concurency"));
    HttpResponse<String> plan =
        api.post("/api/v1/plan", config("api", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    HttpResponse<String> good =
        api.post("/api/v1/batches", config("api", "fake-hang", "retry: {attempts: 1}"));

    // then
    assertThat(bad.statusCode()).isEqualTo(422);
    assertThat(bad.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(api.body(bad).path("problems"))
        .anySatisfy(
            problem -> {
              assertThat(problem.path("path").asText()).isEqualTo("base_config.concurency");
              assertThat(problem.path("line").asInt()).isEqualTo(8);
            });
    assertThat(api.body(plan).path("total").asInt()).isEqualTo(2);
    assertThat(good.statusCode()).isEqualTo(202);
    String id = api.body(good).path("id").asText();
    assertThat(id).isEqualTo(home.id("api"));
    String batch = "/api/v1/batches/" + id;
    assertThat(good.headers().firstValue("location")).hasValue(batch);
    eventually()
        .until(() -> api.body(api.get(batch + "/runs/0")).path("state").asText().equals("running"));
    assertThat(api.body(api.get("/api/v1/status")).path("queue").path(0).path("batch").asText())
        .isEqualTo(id);

    // when
    HttpResponse<String> cancelled = api.post(batch + "/cancel", "{\"why\": \"wrong\"}");

    // then
    assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
    home.await("api");
    assertThat(api.body(api.get(batch)).path("outcomes").path("cancelled").asInt()).isEqualTo(1);
    eventually() // once the report is written, too
        .until(() -> api.body(api.get(batch)).path("finished_at").isTextual());
    assertThat(api.post(batch + "/retry", "{\"runs\": [0]}").statusCode()).isEqualTo(200);
    assertThat(api.post(batch + "/runs/7/cancel", "").statusCode()).isEqualTo(404);
    assertThat(api.post("/api/v1/pause", "{}").statusCode()).isEqualTo(200);
    assertThat(api.post("/api/v1/resume", "{}").statusCode()).isEqualTo(200);
    assertThat(api.post(batch + "/cancel", "{").statusCode()).isEqualTo(400);
  }

  @Test
  void servesRemoteCommands() throws Exception {
    // given
    Path elsewhere = caravan.write("elsewhere/remote.yaml", config("remote", "fake-hang", ""));
    String bad = caravan.write("elsewhere/bad.yaml", "batch_name: 1/2\n").toString();

    // when
    Program submit = caravan.run("submit", elsewhere.toString(), "--server", caravan.http());
    ExecutedCommand refused = caravan.execute("submit", bad, "--server", caravan.http());

    // then
    String id = home.id("remote");
    assertThat(submit.exit()).as(submit.err()).isZero();
    assertThat(submit.out()).isEqualTo(id + "\n");
    assertThat(api.body(api.get("/api/v1/batches/" + id)).path("submitted_by").asText())
        .isEqualTo("http 127.0.0.1");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("1:13: batch_name: ", "model");

    // when
    eventually()
        .until(() -> caravan.execute("status", "--server", caravan.http()).out().contains(id));
    ExecutedCommand cancel =
        caravan.execute("cancel", id, "--why", "enough", "--server", caravan.http());

    // then
    assertThat(cancel.exit()).as(cancel.err()).isZero();
    assertSent(cancel.out(), "Cancel " + id);
    home.await("remote");
    ExecutedCommand unknown =
        caravan.execute("pause", "remote/20260101_000000", "--server", caravan.http());
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no batch remote/20260101_000000");
    assertThat(caravan.execute("resume", "--server", caravan.http()).exit()).isZero();
  }

  @Test
  void servesOnlyFilesBelowABatch() throws Exception {
    // given
    caravan.drop("files.yaml", config("files", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    home.await("files");
    Path folder = caravan.batch("files");
    Path secret = caravan.write("secret.txt", "secret");
    Files.createSymbolicLink(folder.resolve("link.txt"), secret);
    Files.createSymbolicLink(folder.resolve("up"), caravan.home());
    Files.writeString(folder.resolve("evil.html"), EVIL);
    String files = "/api/v1/batches/" + home.id("files") + "/files/";

    // when
    HttpResponse<String> part = api.get(files + "config.yaml", "Range", "bytes=0-9");
    HttpResponse<String> end = api.get(files + "config.yaml", "Range", "bytes=-5");
    HttpResponse<String> evil = api.get(files + "evil.html");
    HttpResponse<String> deep = api.get(files + "concurrency1/process_result.json");

    // then
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("batch_name");
    assertThat(end.body()).hasSize(5);
    assertThat(api.get(files + "config.yaml", "Range", "bytes=99999-").statusCode()).isEqualTo(416);
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
      HttpResponse<String> refused = api.get(files + name);
      assertThat(refused.statusCode()).as(name).isIn(400, 404);
      assertThat(refused.body()).as(name).doesNotContain("secret\n", "root:");
    }
    String host = "Host: 127.0.0.1\r\n";
    for (String path :
        List.of("/../../etc/passwd", files + "../../../../secret.txt", "/static/1/../../pom.xml")) {
      assertThat(api.raw("GET " + path + " HTTP/1.1\r\n" + host))
          .doesNotContain("root:", "<project");
    }
    for (String path : List.of("/pom.xml", "/caravan.properties", "/q/dev", "/observe/dev")) {
      assertThat(api.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void letsAReportRunOnlyItsOwnScript() throws Exception {
    // given
    caravan.drop("report.yaml", config("report", "fake-ok", "sweeps: {concurrency: [1, 2]}"));
    home.await("report");
    eventually().until(() -> Files.exists(caravan.batch("report").resolve("report.html")));

    // when
    HttpResponse<String> report =
        api.get("/api/v1/batches/" + home.id("report") + "/files/report.html");

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
    String good = "Host: " + URI.create(caravan.http()).getRawAuthority() + "\r\n";
    String post = "POST /api/v1/pause HTTP/1.1\r\nContent-Length: 0\r\n";

    // then
    for (String host : List.of("evil.example", "evil.example:8090", "localhost.evil.example", "")) {
      assertThat(api.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n"))
          .as(host)
          .startsWith("HTTP/1.1 4")
          .doesNotContain("Overview");
      assertThat(api.raw("GET /observe/health HTTP/1.1\r\nHost: " + host + "\r\n"))
          .as(host)
          .doesNotContain("UP");
    }
    assertThat(api.raw("GET / HTTP/1.1\r\nHost: localhost\r\n")).startsWith("HTTP/1.1 200");
    assertThat(api.raw(post + good + "Origin: http://evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(api.raw(post + good + "Origin: null\r\n")).startsWith("HTTP/1.1 403");
    assertThat(api.raw(post + good + "Sec-Fetch-Site: cross-site\r\n")).startsWith("HTTP/1.1 403");
    assertThat(api.raw(post + good + "Sec-Fetch-Site: same-site\r\n")).startsWith("HTTP/1.1 403");
    assertThat(api.raw(post + good + "Origin: " + caravan.http() + "\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(api.get("/").headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(api.get("/").headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void escapesTextFromConfigsAndFiles() throws Exception {
    // given
    String labels = "labels: {gpu: \"" + EVIL + "\"}\nretry: {attempts: 1}";
    caravan.drop(
        "img.yaml",
        config("x<img src=x onerror=alert(1)>", "fake-exit-3", labels)
            .replace("fake-exit-3", "\"fake-exit-3" + EVIL.replace("/", "\\/") + "\""));
    caravan.drop("evil.yaml", config("evil", "fake-exit-3", labels));
    home.await("evil");
    Path run = caravan.batch("evil");
    Files.writeString(run.resolve("stderr.log"), EVIL);
    Files.writeString(run.resolve("stdout.log"), "</pre>" + EVIL);
    Files.createDirectories(run.resolve("logs"));
    Files.writeString(run.resolve("logs/aiperf.log"), EVIL);
    Files.writeString(run.resolve(EVIL.replace("/", "") + ".txt"), "x");
    Files.writeString(caravan.home().resolve("inbox/.dead/z.yaml"), "# " + EVIL + "\n# " + EVIL);
    String batch = "/batches/" + home.id("evil");

    // then
    for (String path :
        List.of("/", "/batches", batch, batch + "/runs/0", "/dead-letters", "/%3Cscript%3E")) {
      String page = api.get(path, "Accept", "text/html").body();
      assertThat(page).as(path).doesNotContain("<script>", "<img");
    }
    String checked =
        api.post(
                "/submit/check",
                "config=batch_name:+%22" + "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22",
                "Content-Type",
                "application/x-www-form-urlencoded")
            .body();
    assertThat(checked).contains("&lt;script&gt;").doesNotContain("<script>");
    assertThat(api.get("/data" + batch).body()).doesNotContain("<script");
  }
}
