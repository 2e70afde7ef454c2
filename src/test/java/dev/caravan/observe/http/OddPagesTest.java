package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.testing.SampleTree;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages of damaged runs and of reasons that look like times, and their scripts after an upgrade.
 */
class OddPagesTest {

  private static final Pattern SCRIPT = Pattern.compile("/static/[^/\"]+/caravan\\.js");

  private final HttpClient http = HttpClient.newHttpClient();
  private SampleTree trees;
  private Batch batch;
  private WebContext context;
  private WebServer server;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    trees = new SampleTree(folder);
    batch = trees.batch("odd", "concurrency: [1, 2]", "");
    Settings settings = Settings.of(trees.home().home.root(), Map.of(), new Properties());
    PageUpdates updates = new PageUpdates(new EventFeed(EventLog.none()));
    context = HomeServer.context(trees.home(), settings, List::of, updates);
    server =
        WebServer.start(
            WebAppFactory.of(context, new HttpSecurity(settings), FleetView.NONE), "127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return http.send(
        java.net.http.HttpRequest.newBuilder(uri).header("Accept", "text/html").build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{{", "[1]", "{\"args\": 7}", "null"})
  void showsARunWhoseResultIsDamaged(String content) throws Exception {
    // given
    trees.succeeded(batch.run(0), 100, 50);
    SampleTree.write(batch.run(0).folder().resolve("process_result.json"), content);

    // when
    HttpResponse<String> page = get(RunLinks.run(batch.run(0)));

    // then
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("profile_export_aiperf.json", "--concurrency 1");
  }

  @Test
  void showsARunWhoseFilesAreNoText() throws Exception {
    // given
    for (String name : List.of("process_result.json", "run_metadata.json", "stdout.log")) {
      Path file = batch.run(0).folder().resolve(name);
      SampleTree.write(file, "");
      Files.write(file, new byte[] {-1, -2, 0, 'g', -128, '"'});
    }

    // when
    HttpResponse<String> page = get(RunLinks.run(batch.run(0)));

    // then
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("run_metadata.json", "--concurrency 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "until 2026-13-45T99:99Z",
        "2026-11-29T25:00:00+01:00",
        "GET returned 503: 2026-01-01T::.Z"
      })
  void keepsWhatOnlyLooksLikeATimeInTheReasonOfABatch(String reason) {
    // given: a reason is the text of a person or a service
    String time = "2020-01-31T12:00:00Z";

    // when
    String shown = OverviewPage.queued(queued(reason + ", since " + time)).message();

    // then
    assertThat(shown).isEqualTo(reason + ", since " + DisplayTime.of(OffsetDateTime.parse(time)));
  }

  private static QueueEntry queued(String message) {
    return new QueueEntry(
        "a/1",
        "aiperf_results/a/1",
        "paused",
        message,
        2,
        0,
        0,
        OptionalInt.of(0),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void showsTheResultsOfAResumedBatchBeforeItsRunsWereLookedAt() throws Exception {
    // given: a daemon has started, and the batch waits or is paused
    trees.succeeded(batch.run(0), 100, 50);
    trees.summarise(batch, false);
    context.recorder().begin(batch);

    // then
    assertThat(get(RunLinks.batch(batch.id())).body())
        .contains("1 of 2 runs ended: 1 succeeded", "id=\"pause\"");
    assertThat(get("/batches").body()).contains("1 succeeded");
    assertThat(get("/api/v1/batches/" + batch.id()).body())
        .contains("\"succeeded\" : 1", "\"run_index\" : 0");
  }

  @Test
  void saysThatThereAreMoreFailedRunsThanItListsAndPutsEachBack() throws Exception {
    // given
    Path dead = trees.home().home.dead();
    for (int i = 0; i <= 500; i++) {
      Path letter = SampleTree.write(dead.resolve("a." + i + ".yaml"), "# Dead letter " + i + "\n");
      Files.setLastModifiedTime(letter, FileTime.fromMillis(1_000_000L * (i + 1)));
    }

    // then
    assertThat(get("/dead-letters").body())
        .contains("The newest 500 of 501.", "Dead letter 500<", "Dead letter 1<")
        .doesNotContain("Dead letter 0<");
    assertThat(get("/api/v1/dead-letters").body()).contains("\"total\" : 501");

    // when
    HttpResponse<String> reply = post("/api/v1/dead-letters/a.0.yaml/retry");

    // then
    assertThat(reply.statusCode()).isEqualTo(202);
    assertThat(trees.home().home.inbox().resolve("a.0.yaml")).exists();
    assertThat(get("/dead-letters").body()).contains("Dead letter 1<").doesNotContain("The newest");
    assertThat(post("/api/v1/dead-letters/a.0.yaml/retry").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> post(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return http.send(
        java.net.http.HttpRequest.newBuilder(uri).POST(BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  @Test
  void hasBrowsersReadScriptsAgainThatHaveChanged() throws Exception {
    // given
    String script =
        SCRIPT.matcher(get("/").body()).results().map(MatchResult::group).findFirst().orElseThrow();

    // when
    HttpResponse<String> current = get(script);
    HttpResponse<String> ofAnEarlierPage = get("/static/0.1.0/caravan.js");

    // then: the URL tells the content, which two builds of one version need not share
    assertThat(script).doesNotContain("0.1.0").contains(Assets.version());
    assertThat(current.headers().firstValue("Cache-Control"))
        .get()
        .asString()
        .contains("immutable");
    assertThat(ofAnEarlierPage.body()).isEqualTo(current.body());
    assertThat(ofAnEarlierPage.headers().firstValue("Cache-Control")).hasValue("no-store");
  }
}
