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
import dev.caravan.pipeline.run.WithheldFiles;
import dev.caravan.pipeline.target.Target;
import dev.caravan.storage.DurableFiles;
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

/** API of the home as a whole: status, targets, workers, dead letters and events. */
final class HomeApi {

  private static final int MAX_QUEUED = 1000;

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final DeadLetterFiles deadLetters;
  private final FleetView fleet;

  HomeApi(
      WebContext context, BatchCatalog batchCatalog, DeadLetterFiles deadLetters, FleetView fleet) {
    this.fleet = fleet;
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.deadLetters = deadLetters;
  }

  void routes(Routes routes) {
    routes.on("GET", "/api/v1/status", (request, path) -> HttpResponse.json(200, status()));
    routes.on("GET", "/api/v1/targets", (request, path) -> HttpResponse.json(200, targets()));
    routes.on("GET", "/api/v1/workers", (request, path) -> HttpResponse.json(200, workers()));
    routes.on(
        "GET",
        "/api/v1/dead-letters",
        (request, path) -> HttpResponse.json(200, Map.of("dead_letters", deadLetters.all())));
    routes.on("POST", "/api/v1/dead-letters/:file/retry", (request, path) -> retry(path));
    routes.on("GET", "/api/v1/events", (request, path) -> events(request));
    routes.on("GET", "/api/v1/openapi.yaml", (request, path) -> openApi());
  }

  /** The first unfinished batches, in the order in which they are served. */
  List<QueueEntry> queue(int max) throws IOException {
    ControlStore controls = context.controls();
    return new BatchQueue(
            context.batches(),
            controls,
            HomeControl.of(context.home()),
            Optional.of(context.status().get()),
            OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS))
        .entries(open(max), slots());
  }

  private int slots() {
    return fleet.isHub()
        ? WorkerView.slots(workersOfHub())
        : context.settings().count(Setting.WORKERS, 1);
  }

  private List<Path> open(int max) throws IOException {
    return batchCatalog.open().stream().limit(max).map(BatchCatalog.CatalogEntry::folder).toList();
  }

  private Map<String, Object> status() throws IOException {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("schema", 1);
    content.put("version", Version.CARAVAN);
    content.put("home", context.home().root().toString());
    content.put("served", true);
    content.put("daemon", context.status().get());
    content.put("orders", HomeControl.of(context.home()));
    if (fleet.isHub()) {
      content.put("workers", hubWorkers());
    }
    content.put("withheld", new WithheldFiles(context.home(), new DurableFiles()).runs());
    content.put("queue", queue(MAX_QUEUED).stream().map(QueueEntry::json).toList());
    return content;
  }

  private Map<String, Object> targets() throws IOException {
    DaemonStatus daemon = context.status().get();
    Map<String, Map<String, Object>> targets = new TreeMap<>();
    for (Path folder : open(MAX_QUEUED)) {
      context
          .batches()
          .find(folder)
          .map(batch -> Target.of(batch.sweep().url(0)).toString())
          .ifPresent(target -> targets.putIfAbsent(target, state("free", "", "")));
    }
    daemon.parked().forEach(p -> targets.put(p.target(), state("parked", p.message(), p.since())));
    HomeControl.of(context.home())
        .pausedTargets()
        .forEach((target, order) -> targets.put(target, state("paused", order.message(), "")));
    List<Map<String, Object>> all = new ArrayList<>();
    targets.forEach(
        (target, state) -> {
          Map<String, Object> content = new LinkedHashMap<>();
          content.put("target", target);
          content.putAll(state);
          all.add(content);
        });
    return Map.of("targets", all);
  }

  private static Map<String, Object> state(String state, String message, String since) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("state", state);
    content.put("message", message);
    content.put("since", since.isEmpty() ? null : since);
    return content;
  }

  /** The workers of a hub; empty for a Caravan that executes its runs itself. */
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
    self.put("slots", context.settings().count(Setting.WORKERS, 1));
    self.put("underway", context.status().get().underway());
    return Map.of("workers", List.of(self));
  }

  private HttpResponse retry(Map<String, String> path) throws HttpProblemException, IOException {
    return HttpResponse.json(
        202, Map.of("result", "put back into the inbox as " + deadLetters.retry(path)));
  }

  private static HttpResponse events(HttpRequest request) {
    Optional<String> after =
        request
            .header("last-event-id")
            .or(() -> Optional.ofNullable(request.query().get("after")))
            .filter(id -> !id.isBlank());
    return new HttpResponse(
        200,
        Map.of("Content-Type", "text/event-stream"),
        new HttpResponse.Events(after, request.query().getOrDefault("batch", "")));
  }

  private static HttpResponse openApi() throws IOException {
    try (InputStream in = HomeApi.class.getResourceAsStream("openapi.yaml")) {
      return HttpResponse.of(200, "application/yaml; charset=utf-8", in.readAllBytes());
    }
  }
}
