package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages and the API of a home, over HTTP but without a daemon behind them. */
class WebAppTest {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String CONFIG =
      """
      batch_name: %s
      output_base_dir: %s
      base_config:
        model: m
        url: http://127.0.0.1:9
        concurrency: 1
        benchmark_duration: 10
        warmup_request_count: 1
        request_rate_mode: poisson
      """;

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private List<HealthResult> health = List.of(new HealthResult("disk", true, "enough free space"));
  private SampleTree trees;
  private PageUpdates pageUpdates;
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    trees = new SampleTree(folder);
    ScratchHome home = trees.home();
    pageUpdates = new PageUpdates(new EventFeed(EventLog.none()));
    Settings settings =
        Settings.of(home.home.root(), Map.of("CARAVAN_KEYS_ALLOWED", "OK_KEY"), new Properties());
    WebContext context = context(home, settings, () -> health, pageUpdates);
    server =
        WebServer.start(
            WebAppFactory.of(context, new HttpSecurity(settings), FleetView.NONE), "127.0.0.1", 0);
  }

  /** What a daemon without runs in progress hands to its pages. */
  static WebContext context(
      ScratchHome home,
      Settings settings,
      Supplier<List<HealthResult>> health,
      PageUpdates pageUpdates) {
    return new WebContext(
        settings,
        home.batches,
        BatchFinder.of(settings),
        new ControlStore(home.files),
        new Recorder(home.files, home.open, null, new PipelineListeners(), BatchHooks.NONE),
        () -> new DaemonStatus(1, 1, null, List.of(), List.of()),
        health,
        pageUpdates);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return http.send(request.uri(uri).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(), path);
  }

  private HttpResponse<String> post(String path, String type, String body) throws Exception {
    return send(
        HttpRequest.newBuilder()
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        path);
  }

  private HttpResponse<String> submitPage(String path, String yaml) throws Exception {
    return post(path, FORM, "config=" + URLEncoder.encode(yaml, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"target\": \"\"}",
        "{\"target\": \" \"}",
        "{\"taget\": \"http://a:1\"}",
        "[]",
        "null",
        "\"all\"",
        "7",
        "{",
        "{} {}",
        "target=",
        "tar=http://a:1"
      })
  void pausesNothingWhenItDoesNotUnderstandTheRequest(String body) throws Exception {
    for (String type : List.of("application/json", FORM)) {
      for (String path : List.of("/api/v1/pause", "/api/v1/resume")) {
        HttpResponse<String> refused = post(path, type, body);

        assertThat(refused.statusCode()).as(type + " " + refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("\"detail\"");
      }
    }
  }

  @Test
  void readsAControlRequestThatCurlCallsAForm() throws Exception {
    var request =
        new dev.caravan.observe.http.HttpRequest(
            "POST",
            "/api/v1/pause",
            Map.of(),
            Map.of("content-type", FORM),
            "{\"target\": \"http://a:1\", \"why\": \"x\"}".getBytes(StandardCharsets.UTF_8),
            "");

    assertThat(ControlBody.of(request).namedTarget()).hasValue("http://a:1");
    assertThat(ControlBody.of(request).why()).isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  api_key_env_var: sk-0123456789abcdef",
        "  api_key: sk-0123456789abcdef",
        "  api_key: \"sk-0123456789abcdef",
        "  url: http://user:sk-0123456789abcdef@127.0.0.1:9/v1"
      })
  void doesNotRepeatAPastedKey(String line) throws Exception {
    String yaml = CONFIG.formatted("x", "out").replace("  model: m", "  model: m\n" + line);

    for (String path : List.of("/submit/check", "/submit")) {
      String page = submitPage(path, yaml).body();

      assertThat(page).as(path).contains("problem").doesNotContain("sk-0123456789abcdef");
    }
    assertThat(post("/api/v1/validate", FORM, yaml).body()).doesNotContain("sk-0123456789abcdef");
  }

  @Test
  void saysWhatKeptAValidConfigFromBeingSubmitted() throws Exception {
    // given: a config that is larger than the limit
    String yaml = "# " + "x".repeat(1 << 20) + "\n" + CONFIG.formatted("x", "out");

    // then
    assertThat(submitPage("/submit", yaml).body())
        .contains("larger than 1 MiB")
        .doesNotContain("Valid:");
  }

  @Test
  void takesAConfigUpToTheLimitAsCurlAndAsThePageSendIt() throws Exception {
    String yaml = CONFIG.formatted("x", "out") + "#".repeat((1 << 20) - 300) + "\n";

    assertThat(post("/api/v1/validate", FORM, yaml).body()).contains("\"runs\" : 1");
    assertThat(submitPage("/submit/check", yaml).body()).contains("Valid: 1 run");
  }

  @Test
  void repliesWithTheWarningsOfAConfig() throws Exception {
    // given: a daemon that accepts what is in the inbox
    Thread daemon = new Thread(this::accept);
    daemon.start();

    // when
    JsonNode reply =
        Json.MAPPER.readTree(post("/api/v1/batches", FORM, CONFIG.formatted("x", "out")).body());

    // then
    assertThat(reply.path("state").asText()).isEqualTo("accepted");
    assertThat(reply.path("warnings").toString()).contains("request_rate_mode");
  }

  @Test
  void showsAnExampleThatIsValidAndThePlanOfAConfigAsATable() throws Exception {
    // given
    Matcher example =
        Pattern.compile("<pre id=\"example\"[^>]*>(.*?)</pre>", Pattern.DOTALL)
            .matcher(get("/submit").body());
    assertThat(example.find()).isTrue();

    // when
    String plan = submitPage("/submit/check", example.group(1)).body();

    // then
    assertThat(plan).contains("Valid: 5 runs", "<th scope=\"col\">concurrency</th>");
    assertThat(plan).contains("<th scope=\"row\" class=\"cv-num\">5</th><td>16</td>");
    String variants =
        CONFIG.formatted("x", "out")
            + "repeat: 2\nvariants: {before: {model: a}, after: {model: b}}\n";
    assertThat(submitPage("/submit/check", variants).body())
        .contains("<th scope=\"col\">variant</th><th scope=\"col\">repeat</th>")
        .contains("<td>after</td><td>2</td>");
  }

  @Test
  void namesAllModelsAndServicesOfABatch() throws Exception {
    // given
    Batch batch =
        trees.batch("models", "model: [big, small], url: [\"http://a:1\", \"http://b:2/v1\"]", "");

    // then
    assertThat(get("/batches/" + batch.id()).body())
        .contains("<dd>big, small</dd>", "<dd>http://a:1, http://b:2</dd>");
  }

  @Test
  void offersToCancelABatchWhoseRunsAreRetriedAfterItWasCancelled() throws Exception {
    // given
    Batch batch = trees.batch("again", "concurrency: [1, 2]", "");
    Control.Order ann = new Control.Order("ann", "wrong image");
    Control cancelled = Control.NONE.withCancellation(ann);
    ControlStore controls = new ControlStore(trees.home().files);
    controls.write(batch, cancelled);
    assertThat(get("/batches/" + batch.id()).body())
        .contains("Cancelled by ann")
        .doesNotContain("id=\"cancel\"");

    // when
    controls.write(batch, cancelled.withReruns(Map.of(0, 0), ann));

    // then
    assertThat(get("/batches/" + batch.id()).body())
        .contains("id=\"cancel\"")
        .doesNotContain("Cancelled by ann");
  }

  @Test
  void callsAFinishedBatchCancelledWhileARunOfItIs() throws Exception {
    // given
    Batch one = trees.batch("one", "concurrency: [1, 2]", "");
    Batch none = trees.batch("none", "concurrency: [1, 2]", "");
    Control.Order ann = new Control.Order("ann", "wrong image");
    for (Batch batch : List.of(one, none)) {
      new ControlStore(trees.home().files)
          .write(batch, Control.NONE.withCancellation(ann).withReruns(Map.of(0, 0), ann));
      trees.succeeded(batch.run(0), 100, 50);
    }

    // when
    trees.ended(one.run(1), Outcome.CANCELLED, "", "");
    trees.succeeded(none.run(1), 200, 60);
    trees.summarise(one, true);
    trees.summarise(none, true);

    // then
    assertThat(get("/batches/" + one.id()).body()).contains("Cancelled by ann");
    assertThat(get("/batches/" + none.id()).body()).doesNotContain("Cancelled by ann");
  }

  /** A config is written under a name that starts with a dot, and then renamed. */
  private static boolean isPlaced(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
  }

  private void accept() {
    Path inbox = trees.home().home.inbox();
    await()
        .until(
            () -> {
              try (var files = Files.list(inbox)) {
                for (Path file : files.filter(WebAppTest::isPlaced).toList()) {
                  pageUpdates.acceptance(file.getFileName().toString()).complete("x/1");
                  return true;
                }
              }
              return false;
            });
  }

  @Test
  void showsBatchesOfEveryOutputFolder() throws Exception {
    // given: batches in two output folders of the home
    Batch here = trees.batch("same", "concurrency: [1, 2]", "");
    Batch there =
        trees
            .home()
            .accept(
                CONFIG.formatted("other", "elsewhere/deep") + "sweeps: {concurrency: [1, 2]}\n");
    for (Batch batch : List.of(here, there)) {
      trees.succeeded(batch.run(0), 7, 9);
      trees.summarise(batch, true);
    }

    // then
    String list = get("/batches").body();
    for (Batch batch : List.of(here, there)) {
      assertThat(list).contains(batch.id());
      assertThat(get("/batches/" + batch.id()).body()).contains(batch.folder().toString());
      assertThat(get("/data/batches/" + batch.id()).body()).contains(batch.id());
      assertThat(get("/batches/" + batch.id() + "/runs/0").body()).contains("succeeded");
      assertThat(get("/api/v1/batches/" + batch.id() + "/files/summary.json").statusCode())
          .isEqualTo(200);
    }
    String both = here.id() + "," + there.id();
    JsonNode report =
        Json.MAPPER.readTree(get("/api/v1/report?format=json&batches=" + both).body());
    assertThat(report.findValuesAsText("id")).contains(here.id(), there.id());
    assertThat(get("/api/v1/find?name=other").body()).contains(there.id());
  }

  @Test
  void showsTheSameHealthEverywhere() throws Exception {
    // given
    health =
        List.of(
            new HealthResult("disk", false, "less than 1 MB is free"),
            new HealthResult("consumer:inbox-claim", true, ""));

    // then
    HttpResponse<String> reply = get("/observe/health");
    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(reply.body()).contains("DOWN", "less than 1 MB is free", "consumer:inbox-claim");
    assertThat(get("/observe/health/ready").statusCode()).isEqualTo(503);
    assertThat(get("/observe/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/observe/metrics").body()).contains("caravan_healthy 0.0");
    assertThat(get("/").body()).contains("less than 1 MB is free");

    // when
    health = List.of(new HealthResult("disk", true, "enough"));

    // then
    assertThat(get("/observe/health").statusCode()).isEqualTo(200);
    assertThat(get("/observe/metrics").body()).contains("caravan_healthy 1.0");
  }

  @Test
  void saysWhichCaravanItIs() throws Exception {
    JsonNode info = Json.MAPPER.readTree(get("/observe/info").body());

    assertThat(info.path("name").asText()).isEqualTo("caravan");
    assertThat(info.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
    assertThat(info.path("started_at").asText()).startsWith("20");
  }

  @Test
  void showsWhatTheChecksFoundOnThePageOfARun() throws Exception {
    // given
    Batch batch = trees.batch("checked", "concurrency: [1, 2]", "");
    Finding cache =
        new Finding("cache", Level.WARNING, 61, 10, "61 of <100> tokens", "vary_prompts: true");
    Finding samples = new Finding("samples", Level.NOTE, 40, 368, "40 requests are too few", "");
    trees.checked(
        batch.run(0),
        Outcome.SUCCEEDED,
        new CheckResults(
            List.of(cache, samples),
            List.of("cache", "samples"),
            Map.of("clock", "no marks of phases"),
            Map.of(Statistic.TTFT_P99_LOW, 48.0, Statistic.TTFT_P99_HIGH, 55.0)),
        100,
        50);
    trees.summarise(batch, true);
    // when
    String page = get("/batches/" + batch.id() + "/runs/0").body();
    // then
    assertThat(page)
        .contains("! cache</strong> (warning): 61 of &lt;100&gt; tokens. Try")
        .contains("<code>vary_prompts: true</code>")
        .contains("cache finds: ", "Notes: samples", "no marks of phases")
        .contains("50 ms [48, 55]");
  }

  @Test
  void countsFindingsByCheckAndLevel() throws Exception {
    // given
    Batch batch = trees.batch("counted", "concurrency: [1, 2]", "");
    Finding cache = new Finding("cache", Level.WARNING, 61, 10, "61 of 100 tokens", "");
    Finding odd = new Finding("of-another-version", Level.WARNING, 1, 1, "?", "");
    CheckResults found =
        new CheckResults(List.of(cache, odd), List.of("cache"), Map.of(), Map.of());
    trees.checked(batch.run(0), Outcome.SUCCEEDED, found, 100, 50);
    assertThat(get("/observe/metrics").body())
        .contains("caravan_findings_total{id=\"cache\",level=\"warning\"} 0.0")
        .contains("caravan_findings_total{id=\"samples\",level=\"note\"} 0.0");
    // when
    RunReport report =
        RunReport.ended(
            RunOrder.execute(batch.run(0).id(), batch.folder().toString(), 0),
            ProcessResult.head(new RunFolder(batch.run(0).folder()).processResult()).orElseThrow());
    pageUpdates.changed(new PipelineChange.Reported(report));
    // then
    assertThat(get("/observe/metrics").body())
        .contains("caravan_findings_total{id=\"cache\",level=\"warning\"} 1.0")
        .doesNotContain("of-another-version");
  }

  @Test
  void showsASlowNightInTheOverviewAndOnThePageOfItsName() throws Exception {
    // given
    for (double speed : List.of(1000.0, 1001.0, 999.0, 1002.0, 1000.5, 850.0)) {
      Batch batch = trees.batch("night <ly>", "concurrency: [1, 2]", "commit: abc1234");
      trees.succeeded(batch.run(0), speed / 2, 20);
      trees.succeeded(batch.run(1), speed, 40);
      trees.summarise(batch, true);
    }

    // when
    String overview = get("/").body();
    HttpResponse<String> trend = get("/trend/night%20%3Cly%3E");

    // then
    assertThat(overview)
        .contains("15.0 % slower than usual")
        .contains("href=\"/trend/night%20%3Cly%3E\"")
        .contains("<svg class=\"cv-spark\"", "<polygon class=\"bad\"")
        .contains("Best tokens/s of 6 batches: 850 to 1,002, the newest 850");
    assertThat(trend.statusCode()).isEqualTo(200);
    assertThat(trend.body())
        .contains("<svg class=\"cv-trend\"", "abc1234", "night &lt;ly&gt;")
        .doesNotContain("<ly>", "<style");
    assertThat(get("/trend/absent").statusCode()).isEqualTo(404);
    JsonNode status = Json.MAPPER.readTree(get("/api/v1/status").body());
    assertThat(status.at("/last_batch/outcomes").asText()).isEqualTo("2 succeeded");
  }

  @Test
  void countsEveryAttemptThatEndedBeforeTheFirstScrape() throws Exception {
    // given
    int attempts = 1_500; // more than are kept for it
    RunOrder order = RunOrder.execute("gone/1/run", folder.resolve("gone").toString(), 0);
    RunReport lost = RunReport.lost(order, "the worker is gone", Duration.ZERO);
    // when
    for (int n = 0; n < attempts; n++) {
      pageUpdates.changed(new PipelineChange.Reported(lost));
    }
    // then
    assertThat(get("/observe/metrics").body())
        .contains("caravan_attempts_total{cause=\"lost\",outcome=\"failed\"} " + attempts + ".0")
        .contains("caravan_runs_total{cause=\"cache\",outcome=\"invalid\"} 0.0")
        .contains("caravan_attempts_total{cause=\"cache\",outcome=\"invalid\"} 0.0")
        .contains("caravan_runs_total{cause=\"lost\",outcome=\"failed\"} 0.0");
  }
}
