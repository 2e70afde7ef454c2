package dev.caravan.observe.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.observe.events.EventPipeline;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.Browser;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The pages of a home with one batch of two runs, and the browser that they are open in. */
final class OpenPages implements AutoCloseable {

  /** Unfolds the events of a batch, which opens a stream of them. */
  static final String SEE_EVENTS =
      "document.querySelector('[data-events]').closest('details').open = true";

  final SampleTree trees;
  final Batch batch;
  private final Path folder;
  private final Browser browser;
  private PageUpdates updates;
  private WebApp app;
  private WebServer server;

  OpenPages(Path folder, Browser browser) throws IOException {
    this.folder = folder;
    this.browser = browser;
    trees = new SampleTree(folder);
    batch = trees.batch("b", "concurrency: [1, 2]", "");
    serve(new EventFeed(EventLog.none()), 0);
  }

  /** A new browser; skips the tests where there is none. */
  static Browser browser() {
    assumeTrue(Browser.program().isPresent(), "SKIPPED: chromium or chromedriver is missing");
    return Browser.start();
  }

  /** Serves the pages with these events, on a free port if it is 0. */
  void serve(EventFeed feed, int port) throws IOException {
    Settings settings = Settings.of(trees.home().home.root(), Map.of(), new Properties());
    updates = new PageUpdates(feed);
    WebContext context = HomeServer.context(trees.home(), settings, List::of, updates);
    app = WebAppFactory.of(context, new HttpSecurity(settings), FleetView.NONE);
    server = WebServer.start(app, "127.0.0.1", port);
  }

  void stopServing() {
    server.close();
  }

  int port() {
    return server.port();
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  void open(String path) {
    browser.open(url() + path);
  }

  /** Tells the open pages that something has changed. */
  void changed() {
    updates.changed(new PipelineChange.Closed(batch));
  }

  void awaitStreams(int count) {
    await().until(() -> app.streams().open() == count);
  }

  void inBackground(boolean hidden) {
    browser.script(
        "Object.defineProperty(document, 'hidden', { configurable: true, get: () => "
            + hidden
            + " }); document.dispatchEvent(new Event('visibilitychange'));");
  }

  /** Events of a home with this name. */
  EventPipeline pipeline(String home) throws IOException {
    return new EventPipeline(
        new ScratchHome(Files.createDirectories(folder.resolve(home))).home,
        new DurableFiles(),
        ScratchHome.OWNER,
        List.of(),
        true);
  }

  @Override
  public void close() {
    browser.open("about:blank");
    server.close();
  }
}
