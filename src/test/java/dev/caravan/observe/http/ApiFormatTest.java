package dev.caravan.observe.http;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.PoolView;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.model.Outcome;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.testing.Golden;
import dev.caravan.testing.SampleTree;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON of the API, byte for byte: its members, their order, and which of them may be null. */
class ApiFormatTest {

  private static final String NOON = Golden.DAY + "T12:00:00.250+01:00";

  private static final String HOOK = "hook before_point (boot) since " + NOON;

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private SampleTree trees;
  private Batch batch;

  @BeforeEach
  void writeABatch() throws Exception {
    trees = new SampleTree(folder);
    batch = trees.batch("b", "concurrency: [1, 2, 3, 4]", "gpu: h100");
    trees.succeeded(batch.run(0), 100, 50);
    trees.ended(batch.run(1), Outcome.FAILED, "crashed", "out of memory");
    trees.summarise(batch, false);
  }

  @Test
  void answersAboutBatchesAndRuns() throws Exception {
    String path = "/api/v1/batches/" + batch.id();
    try (WebServer api = api(FleetView.NONE)) {
      golden(api, "batches", "/api/v1/batches");
      golden(api, "batch", path);
      golden(api, "run_succeeded", path + "/runs/0");
      golden(api, "run_failed", path + "/runs/1");
      golden(api, "run_running", path + "/runs/2");
      golden(api, "run_waiting", path + "/runs/3");
      golden(api, "list", "/api/v1/list");
      golden(api, "find_batch", "/api/v1/find?name=b");
      golden(api, "find_run", "/api/v1/find?name=" + batch.run(1).id());
      golden(api, "progress", path + "/progress");
      trees.summarise(batch, true);
      golden(api, "batch_finished", path);
    }
  }

  @Test
  void saysWhyABatchWaits() throws Exception {
    trees.home().own();
    String path = "/api/v1/batches/" + batch.id();
    DaemonStatus status = new DaemonStatus(1, 1, "no aiperf", List.of(), List.of());
    try (WebServer api = api(FleetView.NONE, status)) {
      golden(api, "batch_waiting", path + "?limit=0");
      golden(api, "progress_waiting", path + "/progress");
    }
  }

  @Test
  void answersAboutTheHome() throws Exception {
    HomeControl.NONE
        .withTargetPause(
            "http://paused:1", Optional.of(new Control.Order(NOON, "ann", "upgrade", null)))
        .write(trees.home().home, trees.home().files);
    try (WebServer api = api(FleetView.NONE)) {
      golden(api, "status", "/api/v1/status");
      golden(api, "targets", "/api/v1/targets");
      golden(api, "workers", "/api/v1/workers");
      golden(api, "dead_letters", "/api/v1/dead-letters");
      golden(api, "problem", "/api/v1/batches/none/1");
    }
  }

  @Test
  void answersAboutTheWorkersOfAHub() throws Exception {
    try (WebServer api = api(new Hub())) {
      golden(api, "hub_status", "/api/v1/status");
      golden(api, "hub_workers", "/api/v1/workers");
    }
  }

  private WebServer api(FleetView fleet) throws Exception {
    DaemonStatus status =
        new DaemonStatus(
            1,
            1,
            null,
            List.of(
                new DaemonStatus.Underway(
                    batch.run(2).id(), batch.folder().toString(), 2, NOON, "default")),
            List.of(new DaemonStatus.Parked("http://parked:1", "is not ready: 503", NOON)));
    return api(fleet, status);
  }

  private WebServer api(FleetView fleet, DaemonStatus status) throws Exception {
    Settings settings = Settings.of(trees.home().home.root(), Map.of(), new Properties());
    WebContext idle =
        HomeServer.context(
            trees.home(), settings, List::of, new PageUpdates(new EventFeed(EventLog.none())));
    WebContext context =
        new WebContext(
            settings,
            trees.home().files,
            idle.batches(),
            idle.finder(),
            idle.controls(),
            idle.recorder(),
            () -> status,
            idle.health(),
            idle.pageUpdates());
    context.recorder().follow(batch);
    return WebServer.start(
        WebAppFactory.of(context, new HttpSecurity(settings), fleet), "127.0.0.1", 0);
  }

  private void golden(WebServer api, String name, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + api.port() + path);
    String json = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    Golden.assertText(
        "observe/http/" + name + ".json",
        Golden.masked(
            json.replaceFirst("\\d+:\\d\\d elapsed, about \\d+:\\d\\d left", "ELAPSED, LEFT"),
            batch,
            trees.home().home.root(),
            "pid",
            "last_seen_seconds_ago",
            "submitted_by",
            "version",
            "host"));
  }

  /** A hub with one worker. */
  private static final class Hub implements FleetView {

    @Override
    public boolean isHub() {
      return true;
    }

    @Override
    public List<WorkerView> workers() {
      return List.of(
          new WorkerView(
              "w-1",
              "bench-1",
              List.of("a"),
              2,
              "0.13.0",
              List.of("b/1"),
              Map.of("b/1", HOOK),
              "its disk is full",
              NOON));
    }

    @Override
    public List<PoolView> pools() {
      return List.of();
    }

    @Override
    public long lost() {
      return 0;
    }

    @Override
    public long redelivered() {
      return 0;
    }
  }
}
