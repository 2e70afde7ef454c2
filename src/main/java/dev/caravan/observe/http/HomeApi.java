package dev.caravan.observe.http;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Version;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The home as a whole: what waits, targets, workers, dead letters, news. */
final class HomeApi {

  private static final int MOST_QUEUED = 1000;

  private final WebContext place;
  private final BatchCatalog batchCatalog;
  private final DeadLetterFiles letters;
  private final FleetView fleet;

  HomeApi(WebContext place, BatchCatalog batchCatalog, DeadLetterFiles letters, FleetView fleet) {
    this.fleet = fleet;
    this.place = place;
    this.batchCatalog = batchCatalog;
    this.letters = letters;
  }

  void routes(Router router) {
    router.on("GET", "/api/v1/status", (ask, path) -> HttpResponse.json(200, status()));
    router.on("GET", "/api/v1/targets", (ask, path) -> HttpResponse.json(200, targets()));
    router.on("GET", "/api/v1/workers", (ask, path) -> HttpResponse.json(200, workers()));
    router.on(
        "GET",
        "/api/v1/dead-letters",
        (ask, path) -> HttpResponse.json(200, Map.of("dead_letters", letters.all())));
    router.on("POST", "/api/v1/dead-letters/{file}/retry", (ask, path) -> retry(path));
    router.on("GET", "/api/v1/events", (ask, path) -> events(ask));
    router.on("GET", "/api/v1/openapi.yaml", (ask, path) -> openApi());
  }

  /** The first unfinished batches in the order they are served. */
  List<QueueEntry> queue(int most) throws IOException {
    ControlStore controls = place.controls();
    return new BatchQueue(
            place.batches(),
            controls,
            HomeControl.of(place.home()),
            Optional.of(place.status().get()),
            OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS))
        .entries(open(most), place.settings().count(Setting.WORKERS, 1));
  }

  private List<Path> open(int most) throws IOException {
    return batchCatalog.open().stream().limit(most).map(BatchCatalog.Listed::folder).toList();
  }

  private Map<String, Object> status() throws IOException {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("schema", 1);
    content.put("version", Version.CARAVAN);
    content.put("home", place.home().root().toString());
    content.put("served", true);
    content.put("daemon", place.status().get());
    content.put("orders", HomeControl.of(place.home()));
    if (fleet.isHub()) {
      content.put("workers", hubWorkers());
    }
    content.put("queue", queue(MOST_QUEUED).stream().map(ApiModels::entry).toList());
    return content;
  }

  private Map<String, Object> targets() throws IOException {
    DaemonStatus now = place.status().get();
    Map<String, Map<String, Object>> targets = new TreeMap<>();
    for (Path folder : open(MOST_QUEUED)) {
      String url = place.batches().load(folder).sweep().url(0);
      targets.putIfAbsent(Target.of(url).toString(), state("free", "", ""));
    }
    now.parked().forEach(p -> targets.put(p.target(), state("parked", p.message(), p.since())));
    HomeControl.of(place.home())
        .pausedTargets()
        .forEach((target, order) -> targets.put(target, state("paused", order.message(), "")));
    List<Map<String, Object>> all = new ArrayList<>();
    targets.forEach(
        (target, state) -> {
          Map<String, Object> shape = new LinkedHashMap<>();
          shape.put("target", target);
          shape.putAll(state);
          all.add(shape);
        });
    return Map.of("targets", all);
  }

  private static Map<String, Object> state(String state, String message, String since) {
    Map<String, Object> shape = new LinkedHashMap<>();
    shape.put("state", state);
    shape.put("message", message);
    shape.put("since", since.isEmpty() ? null : since);
    return shape;
  }

  /** The workers of a hub; none for a Caravan that executes its runs itself. */
  List<WorkerView> workersOfHub() {
    return fleet.workers();
  }

  private List<Map<String, Object>> hubWorkers() {
    return workersOfHub().stream().map(ApiModels::worker).toList();
  }

  private Map<String, Object> workers() {
    if (fleet.isHub()) {
      return Map.of("workers", hubWorkers());
    }
    Map<String, Object> self = new LinkedHashMap<>();
    self.put("name", "this process");
    self.put("pid", ProcessHandle.current().pid());
    self.put("runs_at_once", place.settings().count(Setting.WORKERS, 1));
    self.put("underway", place.status().get().underway());
    return Map.of("workers", List.of(self));
  }

  private HttpResponse retry(Map<String, String> path) throws HttpProblemException, IOException {
    return HttpResponse.json(
        202, Map.of("result", "dropped into the inbox as " + letters.retry(path)));
  }

  private static HttpResponse events(HttpRequest ask) {
    Optional<String> after =
        ask.header("last-event-id")
            .or(() -> Optional.ofNullable(ask.query().get("after")))
            .filter(id -> !id.isBlank());
    return new HttpResponse(
        200,
        Map.of("Content-Type", "text/event-stream"),
        new HttpResponse.Stream(after, ask.query().getOrDefault("batch", "")));
  }

  private static HttpResponse openApi() throws IOException {
    try (InputStream in = HomeApi.class.getResourceAsStream("openapi.yaml")) {
      return HttpResponse.of(200, "application/yaml; charset=utf-8", in.readAllBytes());
    }
  }
}
