package dev.caravan.observe.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caravan.config.Target;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Version;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.report.BatchQueue;
import dev.caravan.observe.report.LastBatch;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.run.WithheldFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

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
        (request, path) ->
            HttpResponse.json(200, new DeadLetters(deadLetters.count(), deadLetters.newest())));
    routes.on("POST", "/api/v1/dead-letters/:file/retry", (request, path) -> retry(path));
    routes.on("GET", "/api/v1/events", (request, path) -> events(request));
    routes.on("GET", "/api/v1/openapi.yaml", (request, path) -> openApi());
  }

  /** The first unfinished batches, in the order in which they are served. */
  List<QueueEntry> queue(int max) throws IOException {
    return new BatchQueue(
            context.batches(),
            context.states(workersOfHub()),
            OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS))
        .entries(queued(max), ended(), slots());
  }

  private List<Path> queued(int max) throws IOException {
    return Stream.concat(
            open(max).stream(),
            batchCatalog.ofOtherHomes().stream().map(BatchCatalog.CatalogEntry::folder))
        .limit(max)
        .toList();
  }

  private List<Path> ended() throws IOException {
    return batchCatalog.all().stream()
        .filter(BatchCatalog.CatalogEntry::finished)
        .map(BatchCatalog.CatalogEntry::folder)
        .toList();
  }

  private int slots() {
    return fleet.isHub()
        ? WorkerView.slots(workersOfHub())
        : context.settings().count(Setting.WORKERS, 1);
  }

  private List<Path> open(int max) throws IOException {
    return batchCatalog.open().stream().limit(max).map(BatchCatalog.CatalogEntry::folder).toList();
  }

  private record Status(
      int schema,
      String version,
      String home,
      boolean served,
      DaemonStatus daemon,
      HomeControl orders,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<ApiModels.Worker>> workers,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<LastBatch> lastBatch,
      List<String> withheld,
      List<QueueEntry> queue) {}

  private Status status() throws IOException {
    return new Status(
        1,
        Version.CARAVAN,
        context.home().root().toString(),
        true,
        context.status().get(),
        HomeControl.of(context.home()),
        fleet.isHub() ? Optional.of(hubWorkers()) : Optional.empty(),
        LastBatch.of(batchCatalog.all().stream().map(BatchCatalog.CatalogEntry::folder).toList()),
        new WithheldFiles(context.home(), context.files()).runs(),
        queue(MAX_QUEUED));
  }

  private record DeadLetters(int total, List<DeadLetterFiles.DeadLetter> deadLetters) {}

  private record TargetState(String target, String state, String message, Optional<String> since) {}

  private Map<String, Object> targets() throws IOException {
    Map<String, TargetState> targets = new TreeMap<>();
    for (Path folder : open(MAX_QUEUED)) {
      context
          .batches()
          .find(folder)
          .map(batch -> Target.of(batch.firstRun().parameters().url()).toString())
          .ifPresent(url -> targets.put(url, new TargetState(url, "free", "", Optional.empty())));
    }
    for (DaemonStatus.Parked parked : context.status().get().parked()) {
      Optional<String> since = Optional.of(parked.since());
      targets.put(
          parked.target(), new TargetState(parked.target(), "parked", parked.message(), since));
    }
    HomeControl.of(context.home())
        .pausedTargets()
        .forEach(
            (url, order) ->
                targets.put(
                    url, new TargetState(url, "paused", order.message(), Optional.empty())));
    return Map.of("targets", targets.values());
  }

  /** The workers of a hub; empty for a Caravan that executes its runs itself. */
  List<WorkerView> workersOfHub() {
    return fleet.workers();
  }

  private List<ApiModels.Worker> hubWorkers() {
    return workersOfHub().stream().map(ApiModels.Worker::of).toList();
  }

  private record ThisProcess(
      String name, long pid, int slots, List<DaemonStatus.Underway> underway) {}

  private Map<String, Object> workers() {
    if (fleet.isHub()) {
      return Map.of("workers", hubWorkers());
    }
    ThisProcess self =
        new ThisProcess(
            "this process",
            ProcessHandle.current().pid(),
            context.settings().count(Setting.WORKERS, 1),
            context.status().get().underway());
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
            .or(() -> request.parameter("after"))
            .filter(id -> !id.isBlank());
    return new HttpResponse(
        200,
        Map.of("Content-Type", "text/event-stream"),
        new HttpResponse.Events(after, request.parameter("batch").orElse("")));
  }

  private static HttpResponse openApi() throws IOException {
    try (InputStream in = HomeApi.class.getResourceAsStream("openapi.yaml")) {
      return HttpResponse.of(200, "application/yaml; charset=utf-8", in.readAllBytes());
    }
  }
}
