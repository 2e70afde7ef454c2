package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.ServiceIdentity;
import dev.caravan.pipeline.environment.ServiceSightings;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.target.PatientClient;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceWatchTest extends RunStageTestBase {

  private static final String MODELS =
      """
      {"data": [{"id": "other", "root": "/x"}, {"id": "fake-ok", "root": "/models/ok", "created": 1}]}
      """;

  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final Queue<String> nextMetrics = new ConcurrentLinkedQueue<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private TargetClient client;
  private ServiceWatch watch;
  private HttpServer server;

  @BeforeEach
  void begin() throws IOException {
    client = PatientClient.of(Map.of());
    watch = stage.patientWatch(client);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    pages.put("/v1/models", MODELS);
    pages.put("/version", "{\"version\": \"0.9.1\"}");
    pages.put("/metrics", "process_start_time_seconds 1764327600.5\n");
  }

  @AfterEach
  void end() throws IOException {
    hanging.countDown();
    server.stop(0);
    threads.shutdownNow();
    watch.close();
    client.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    String next = path.equals("/metrics") ? nextMetrics.poll() : null;
    String page = next == null ? pages.getOrDefault(path, "") : next;
    if (page.equals("hangs")) {
      awaitEnd();
    }
    byte[] body = page.getBytes(StandardCharsets.UTF_8);
    if (page.startsWith("http://")) {
      exchange.getResponseHeaders().set("Location", page);
      exchange.sendResponseHeaders(307, -1);
    } else {
      exchange.sendResponseHeaders(page.isEmpty() ? 404 : 200, body.length == 0 ? -1 : body.length);
    }
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void awaitEnd() {
    try {
      hanging.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Batch accept(String path, String healthOrSection) throws Exception {
    return stage.accept(
        RunStageFixture.BASE
                .replace(
                    "http://127.0.0.1:9",
                    "http://127.0.0.1:" + server.getAddress().getPort() + path)
                .replace(
                    "health_check_endpoint: none",
                    healthOrSection.startsWith("health")
                        ? healthOrSection
                        : "health_check_endpoint: /v1/models")
            + "  api_key_env_var: SET_API_KEY\nsweeps: {concurrency: [1, 2]}\n"
            + (healthOrSection.startsWith("health") ? "" : healthOrSection + "\n"));
  }

  private Batch accept() throws Exception {
    return accept("", "health_check_endpoint: /v1/models");
  }

  private ServiceSightings watched(Run run) {
    return watch.begin(run, 1).ask().sightings();
  }

  @Test
  void asksTwiceBeforeAndOnceAfter() throws Exception {
    // when
    ServiceSightings seen = watched(accept("/v1", "health_check_endpoint: /v1/models").run(0));
    // then
    ServiceIdentity after = seen.after().orElseThrow();
    assertThat(seen.before()).hasSize(2).allMatch(after::isSame);
    assertThat(after.properties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("model", "fake-ok", "root", "/models/ok", "version", "0.9.1"));
    assertThat(after.processStart()).hasValue(1_764_327_600.5);
    assertThat(seen.previous()).isEmpty();
    assertThat(asked)
        .hasSize(9)
        .containsOnly("/v1/models", "/version", "/metrics"); // beside the API, as engines have it
    assertThat(keys).containsOnly("Bearer " + stage.scratch.keys.apiKey("SET_API_KEY").get());
  }

  @Test
  void knowsWhatTheServiceWasAfterTheLastRun() throws Exception {
    // given
    Batch batch = accept();
    watched(batch.run(0));
    pages.put("/version", "{\"version\": \"0.9.2\"}");
    // when
    ServiceSightings seen = watched(batch.run(1));
    // then
    assertThat(seen.previousRun()).isEqualTo("concurrency1");
    assertThat(seen.previous().orElseThrow().changes(seen.before().get(0)))
        .containsExactly("version 0.9.1 → 0.9.2");
  }

  @Test
  void asksAServiceThatSeemsRestartedUntilTheFormerProcessAnswers() throws Exception {
    // given: after the run, the first two questions reach another replica
    Run run = accept().run(0);
    ServiceWatch.Watched watched = watch.begin(run, 1);
    watched.ask().sightings();
    String other = startedNow();
    nextMetrics.addAll(List.of(other, other));
    // when
    ServiceSightings seen = watched.ask().sightings();
    // then
    assertThat(seen.after().orElseThrow().processStart().orElseThrow())
        .isGreaterThan(1_764_327_600.5);
    assertThat(seen.again()).hasSize(2);
    assertThat(seen.again().get(0).processStart()).isEqualTo(seen.after().get().processStart());
    assertThat(seen.again().get(1).processStart()).hasValue(1_764_327_600.5);
  }

  @Test
  void asksAServiceThatHasRestartedAFewTimesAndAnotherVersionNotAgain() throws Exception {
    // given
    Run run = accept().run(0);
    ServiceWatch.Watched watched = watch.begin(run, 1);
    watched.ask().sightings();
    // when
    pages.put("/metrics", startedNow());
    ServiceSightings restarted = watched.ask().sightings();
    pages.put("/version", "{\"version\": \"0.9.2\"}");
    ServiceSightings upgraded = watched.ask().sightings();
    // then
    assertThat(restarted.again()).hasSize(4).allMatch(restarted.after().orElseThrow()::isSame);
    assertThat(upgraded.again()).isEmpty();
  }

  private static String startedNow() {
    return "process_start_time_seconds %d\n".formatted(Instant.now().getEpochSecond());
  }

  @Test
  void expectsAnotherServiceAfterAHook() throws Exception {
    // given
    stage.scratch.properties.setProperty("caravan.hooks.restart", "true");
    Batch batch = accept("", "hooks: {before_point: restart}");
    watched(batch.run(0));
    pages.put("/version", "{\"version\": \"0.9.2\"}");
    // then
    assertThat(watched(batch.run(1)).previous()).isEmpty();
  }

  @Test
  void knowsItAlsoAfterARestartOfCaravan() throws Exception {
    // given
    Batch batch = accept();
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(batch.run(0))));
    stage.runs.finish(attempt, stage.start(attempt));
    // when
    ServiceSightings seen;
    try (ServiceWatch restarted = stage.patientWatch(client)) {
      seen = restarted.begin(batch.run(1), 1).ask().sightings();
    }
    // then
    assertThat(seen.previousRun()).isEqualTo("concurrency1");
  }

  @Test
  void asksWhileAiperfStartsUpAndNotBefore() throws Exception {
    // given
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(accept().run(0))));
    // when
    ProcessExit exit = stage.start(attempt);
    stage.runs.finish(attempt, exit);
    // then
    Path file = new RunFolder(attempt.task().run().folder()).environment();
    assertThat(Environment.read(file).orElseThrow().service().before())
        .hasSize(2)
        .allMatch(seen -> !seen.askedAt().isBefore(exit.startedAt()));
  }

  @Test
  void asksNothingIfAiperfDoesNotStart() throws Exception {
    // given
    Attempt attempt = stage.runs.prepare(stage.runs.take(RunStageFixture.order(accept().run(0))));
    attempt.stop().stop("cancelled");
    // when
    stage.runs.finish(attempt, stage.start(attempt));
    // then
    Path file = new RunFolder(attempt.task().run().folder()).environment();
    assertThat(Environment.read(file).orElseThrow().service()).isEqualTo(ServiceSightings.NONE);
  }

  @Test
  void looksAtNoRunThatIsExcluded() throws Exception {
    // given
    Batch batch = accept("", "exclude: [{concurrency: 1}]");
    // then
    assertThat(watched(batch.run(1)).previous()).isEmpty();
  }

  @Test
  void comparesAVariantWithItsOwnLastRun() throws Exception {
    // given: one service, restarted with another version for the second variant
    Batch batch = accept("", "variants: {a: , b: }");
    watched(batch.run(0));
    watched(batch.run(1));
    pages.put("/version", "{\"version\": \"0.9.2\"}");
    // when
    ServiceSightings seen = watched(batch.run(2));
    // then
    assertThat(seen.previous()).isEmpty();
  }

  @Test
  void asksNothingWhereNoProbeIsWanted() throws Exception {
    assertThat(watched(accept("", "health_check_endpoint: none").run(0)))
        .isEqualTo(ServiceSightings.NONE);
    assertThat(asked).isEmpty();
  }

  @Test
  void asksOnceForWhatAServiceDoesNotHave() throws Exception {
    // given
    pages.remove("/version");
    pages.remove("/metrics");
    Batch batch = accept();
    watched(batch.run(0));
    asked.clear();
    // when
    ServiceSightings seen = watched(batch.run(1));
    // then
    assertThat(asked).containsOnly("/v1/models");
    assertThat(seen.after().orElseThrow().properties()).containsOnlyKeys("model", "root");
  }

  @Test
  void isNotHeldUpByWhatHangs() throws Exception {
    // given
    pages.put("/version", "hangs");
    Batch batch = accept();
    try (TargetClient usual = new TargetClient(Map.of());
        ServiceWatch impatient = new ServiceWatch(stage.scratch.keys, usual)) {
      // when
      ServiceSightings first = impatient.begin(batch.run(0), 1).ask().sightings();
      // then
      assertThat(first.after().orElseThrow().properties()).containsOnlyKeys("model", "root");
      // at once, or when the request has given up
      await()
          .untilAsserted(
              () -> {
                asked.clear();
                impatient.begin(batch.run(1), 1).ask().sightings();
                assertThat(asked).contains("/v1/models").doesNotContain("/version");
              });
    }
  }

  @Test
  void followsNoRedirectAndReadsNoEndlessPage() throws Exception {
    // given
    pages.put("/version", "http://localhost:" + server.getAddress().getPort() + "/stolen");
    pages.put("/metrics", "x 1\n".repeat(1 << 20) + "process_start_time_seconds 1\n");
    // when
    ServiceSightings seen = watched(accept().run(0));
    // then
    assertThat(asked).doesNotContain("/stolen");
    assertThat(seen.after().orElseThrow().properties()).doesNotContainKey("version");
    assertThat(seen.after().orElseThrow().processStart()).isEmpty();
  }
}
