package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Overrides of a config over HTTP: the parameters of a request, or its first line. */
class ConfigApiTest {

  private static final String CONFIG =
      """
      base_config:
        model: m
        url: http://127.0.0.1:9
        concurrency: 1
        benchmark_duration: 10
        warmup_request_count: 1
      """;

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final PageUpdates pageUpdates = new PageUpdates(new EventFeed(EventLog.none()));
  private ScratchHome home;
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    home = new SampleTree(folder).home();
    Settings settings =
        Settings.of(home.home.root(), Map.of("CARAVAN_KEYS_ALLOWED", "OK_KEY"), new Properties());
    WebContext context = HomeServer.context(home, settings, List::of, pageUpdates);
    server =
        WebServer.start(
            WebAppFactory.of(context, new HttpSecurity(settings), FleetView.NONE), "127.0.0.1", 0);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void plansWithTheParametersOfTheRequest() throws Exception {
    // when
    JsonNode plan =
        json(
            post(
                "plan?name="
                    + url("n ü")
                    + "&set="
                    + url("sweeps.concurrency=[1, 2]")
                    + "&set="
                    + url("base_config.url=http://h:1/a=b"),
                CONFIG));
    // then
    assertThat(plan.path("total").asInt()).isEqualTo(2);
    assertThat(plan.path("runs").path(1).path("folder").asText())
        .isEqualTo("aiperf_results/n ü/<timestamp>/concurrency2");
    assertThat(plan.path("runs").path(1).path("command").asText()).contains("http://h:1/a=b");
    assertThat(
            json(post("validate?set=" + url("sweeps.concurrency=[1, 2]"), CONFIG))
                .path("runs")
                .asInt())
        .isEqualTo(2);
  }

  @Test
  void submitsTheFileWithItsOverrides() throws Exception {
    // when
    CompletableFuture<HttpResponse<String>> asked =
        http.sendAsync(
            posted("batches?label=image%3D0.34%2B1&label=a%3Db&name=nightly", CONFIG),
            BodyHandlers.ofString());
    await().until(() -> !dropped().isEmpty());
    String file = dropped().get(0);
    Path inbox = home.home.inbox().resolve(file);
    Batch batch = home.acceptAndArchive(home.inbox.claim(inbox.toString()));
    pageUpdates.changed(new PipelineChange.Opened(batch));
    HttpResponse<String> reply = asked.get(1, TimeUnit.MINUTES);
    JsonNode shown = json(get("batches/" + batch.id()));
    // then
    assertThat(reply.statusCode()).isEqualTo(202);
    assertThat(file).startsWith("http-nightly.");
    assertThat(batch.id()).startsWith("nightly/");
    assertThat(batch.folder().resolve("config.yaml")).hasContent(CONFIG);
    assertThat(shown.path("overrides").toString())
        .isEqualTo("[\"--name nightly\",\"--label image=0.34+1\",\"--label a=b\"]");
    assertThat(shown.path("labels").toString()).isEqualTo("{\"image\":\"0.34+1\",\"a\":\"b\"}");
  }

  @Test
  void showsTheOverridesBesideTheConfig() throws Exception {
    // given
    String given =
        "# caravan-overrides: [\"--label a=<b>\", \"--set base_config.url=http://127.0.0.1:7\"]\n"
            + CONFIG;
    // when
    Batch batch = home.accept(given);
    String page = get("../../batches/" + batch.id()).body();
    String html = get("report?format=html&batches=" + url(batch.id())).body();
    String markdown = get("report?format=md&batches=" + url(batch.id())).body();
    JsonNode data = json(get("../../data/batches/" + batch.id()));
    // then
    for (String shown : List.of(page, html)) {
      assertThat(shown)
          .contains("<dt>Override</dt><dd>--set base_config.url=http://127.0.0.1:7</dd>")
          .contains("<dt>Override</dt><dd>--label a=&lt;b&gt;</dd>")
          .contains("<dt>Service</dt><dd>http://localhost:7</dd>")
          .contains("url: http://127.0.0.1:9");
    }
    assertThat(markdown).contains("--set base\\_config.url=");
    assertThat(data.findPath("overrides").toString())
        .isEqualTo("[\"--label a=<b>\",\"--set base_config.url=http://127.0.0.1:7\"]");
  }

  @Test
  void takesTheFirstLineOfABodyForOverrides() throws Exception {
    // given
    String given = "# caravan-overrides: [\"--set sweeps.concurrency=[1, 2]\"]\n" + CONFIG;
    // then
    assertThat(json(post("validate", given)).path("runs").asInt()).isEqualTo(2);
    assertThat(
            json(post("validate?set=" + url("sweeps.model=[a, b, c]"), given)).path("runs").asInt())
        .isEqualTo(6);
  }

  @Test
  void namesTheOptionOfEveryProblem() throws Exception {
    // when
    HttpResponse<String> reply =
        post(
            "validate?set=" + url("base_config.concurrency=x") + "&label=none",
            CONFIG + "nots: 1\n");
    // then
    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(json(reply).path("problems").findValuesAsText("option"))
        .containsExactly("--label", "--set base_config.concurrency=…", "");
    assertThat(json(reply).path("problems").findValuesAsText("line"))
        .containsExactly("0", "0", "7");
  }

  @Test
  void heedsTheRulesForKeysAndNeverRepeatsOne() throws Exception {
    // when
    HttpResponse<String> key =
        post("batches?set=" + url("base_config.api_key_env_var=sk-s3cret"), CONFIG);
    HttpResponse<String> other =
        post("batches?set=" + url("base_config.api_key_env_var=HOME"), CONFIG);
    HttpResponse<String> url =
        post("batches?set=" + url("base_config.url=http://me:s3cret@h"), CONFIG);
    // then
    for (HttpResponse<String> reply : List.of(key, other, url)) {
      assertThat(reply.statusCode()).isEqualTo(422);
      assertThat(reply.body()).contains("(value not shown)").doesNotContain("s3cret", "HOME");
    }
  }

  @Test
  void refusesAParameterThatItDoesNotKnow() throws Exception {
    for (String path : List.of("batches", "validate", "plan")) {
      HttpResponse<String> reply = post(path + "?lable=a%3Db", CONFIG);
      assertThat(reply.statusCode()).as(path).isEqualTo(400);
      assertThat(json(reply).path("detail").asText())
          .isEqualTo("unknown parameter \"lable\"; valid parameters: name, label, set");
    }
    assertThat(dropped()).isEmpty();
  }

  private static String url(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode json(HttpResponse<String> reply) throws Exception {
    return Json.MAPPER.readTree(reply.body());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String config) throws Exception {
    return http.send(posted(path, config), BodyHandlers.ofString());
  }

  private HttpRequest posted(String path, String config) {
    return request(path).POST(HttpRequest.BodyPublishers.ofString(config)).build();
  }

  private List<String> dropped() throws IOException {
    return ScratchHome.names(home.home.inbox()).stream()
        .filter(name -> !name.startsWith("."))
        .toList();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.port() + "/api/v1/").resolve(path));
  }
}
