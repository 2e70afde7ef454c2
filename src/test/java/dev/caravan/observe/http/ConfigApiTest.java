package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
  private ScratchHome home;
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    home = new SampleTree(folder).home();
    Settings settings =
        Settings.of(home.home.root(), Map.of("CARAVAN_KEYS_ALLOWED", "OK_KEY"), new Properties());
    WebContext context =
        WebAppTest.context(
            home, settings, List::of, new PageUpdates(new EventFeed(EventLog.none())));
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
    HttpResponse<String> reply =
        post("batches?label=image%3D0.34%2B1&label=a%3Db&name=nightly", CONFIG);
    String file = json(reply).path("file").asText();
    Batch batch = home.accept(Files.readString(home.home.inbox().resolve(file)));
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
          .isEqualTo("unknown parameter \"lable\"; a config takes name, label, set");
    }
    assertThat(ScratchHome.names(home.home.inbox())).allMatch(name -> name.startsWith("."));
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
    return http.send(
        request(path).POST(HttpRequest.BodyPublishers.ofString(config)).build(),
        BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.port() + "/api/v1/" + path));
  }
}
