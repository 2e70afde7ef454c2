package dev.caravan.observe.http;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.record.Recorder;
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
import java.util.function.Supplier;

/** The pages and the API of a home, over HTTP but without a daemon behind them. */
final class HomeServer implements AutoCloseable {

  static final String FORM = "application/x-www-form-urlencoded";

  /** A config with a name and an output folder to fill in. */
  static final String CONFIG =
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

  final SampleTree trees;
  final PageUpdates updates = new PageUpdates(new EventFeed(EventLog.none()));
  volatile List<HealthResult> health = List.of(new HealthResult("disk", true, "enough free space"));
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebServer server;

  HomeServer(Path folder) throws IOException {
    trees = new SampleTree(folder);
    ScratchHome home = trees.home();
    Settings settings =
        Settings.of(home.home.root(), Map.of("CARAVAN_KEYS_ALLOWED", "OK_KEY"), new Properties());
    WebContext context = context(home, settings, () -> health, updates);
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
        home.files,
        home.batches,
        BatchFinder.of(settings),
        new ControlStore(home.files),
        new Recorder(home.files, home.open, null, new PipelineListeners(), BatchHooks.NONE),
        () -> new DaemonStatus(1, 1, null, List.of(), List.of()),
        health,
        pageUpdates);
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(), path);
  }

  HttpResponse<String> post(String path, String type, String body) throws Exception {
    return send(
        HttpRequest.newBuilder()
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        path);
  }

  /** Sends a config as the form of the page does. */
  HttpResponse<String> submitPage(String path, String yaml) throws Exception {
    return post(path, FORM, "config=" + URLEncoder.encode(yaml, StandardCharsets.UTF_8));
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return http.send(request.uri(uri).build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.close();
  }
}
