package dev.caravan.pipeline.run;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.ServiceSightings;
import dev.caravan.pipeline.target.PatientClient;
import dev.caravan.pipeline.target.TargetClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service of runs whose pages a test chooses, and the watch that asks for them. */
final class WatchedService implements AutoCloseable {

  private static final String MODELS =
      """
      {"data": [{"id": "other", "root": "/x"}, {"id": "fake-ok", "root": "/models/ok", "created": 1}]}
      """;

  final Map<String, String> pages = new ConcurrentHashMap<>();

  /** What the page of metrics shows first, each once. */
  final Queue<String> nextMetrics = new ConcurrentLinkedQueue<>();

  /** The paths and the keys of all requests. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  final List<String> keys = new CopyOnWriteArrayList<>();
  final TargetClient client;
  final ServiceWatch watch;
  private final RunStageFixture stage;
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  WatchedService(RunStageFixture stage) throws IOException {
    this.stage = stage;
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

  int port() {
    return server.getAddress().getPort();
  }

  /** Accepts two runs against this path of the service, with this probe or section. */
  Batch accept(String path, String healthOrSection) throws Exception {
    return stage.accept(
        RunStageFixture.BASE
                .replace("http://127.0.0.1:9", "http://127.0.0.1:" + port() + path)
                .replace(
                    "health_check_endpoint: none",
                    healthOrSection.startsWith("health")
                        ? healthOrSection
                        : "health_check_endpoint: /v1/models")
            + "  api_key_env_var: SET_API_KEY\nsweeps: {concurrency: [1, 2]}\n"
            + (healthOrSection.startsWith("health") ? "" : healthOrSection + "\n"));
  }

  Batch accept() throws Exception {
    return accept("", "health_check_endpoint: /v1/models");
  }

  /** Watches a run that ends at once. */
  ServiceSightings watched(Run run) {
    return watch.begin(run, 1).ask().sightings();
  }

  @Override
  public void close() throws IOException {
    hanging.countDown();
    server.stop(0);
    threads.shutdownNow();
    watch.close();
    client.close();
  }
}
