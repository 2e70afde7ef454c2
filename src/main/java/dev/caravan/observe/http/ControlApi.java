package dev.caravan.observe.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import dev.caravan.pipeline.dispatch.RunSelection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Cancel, pause, resume and retry by HTTP, through the files that the commands write. */
final class ControlApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_WHY = 500;

  private final BatchCatalog batchCatalog;
  private final ControlClient files;

  ControlApi(WebContext place, BatchCatalog batchCatalog) {
    this.batchCatalog = batchCatalog;
    this.files = ControlClient.insideDaemon(place.settings());
  }

  void routes(Router router) {
    String batch = "/api/v1/batches/{name}/{time}";
    router.on("POST", batch + "/cancel", (ask, path) -> reply(cancel(ask, path)));
    router.on("POST", batch + "/pause", (ask, path) -> reply(hold(Action.PAUSE, ask, path)));
    router.on("POST", batch + "/resume", (ask, path) -> reply(hold(Action.RESUME, ask, path)));
    router.on("POST", batch + "/retry", (ask, path) -> reply(retry(ask, path)));
    router.on("POST", batch + "/runs/{index}/cancel", (ask, path) -> reply(cancel(ask, path)));
    router.on("POST", batch + "/runs/{index}/retry", (ask, path) -> reply(retry(ask, path)));
    router.on("POST", "/api/v1/pause", (ask, path) -> reply(hold(Action.PAUSE, ask, path)));
    router.on("POST", "/api/v1/resume", (ask, path) -> reply(hold(Action.RESUME, ask, path)));
  }

  private static HttpResponse reply(String message) {
    return HttpResponse.json(200, Map.of("result", message));
  }

  /** Cancels the batch or run that the path names; what became of it. */
  String cancel(HttpRequest ask, Map<String, String> path)
      throws HttpProblemException, IOException, InterruptedException {
    Batch batch = batchCatalog.batch(BatchApi.id(path));
    List<Integer> runs = named(batch, path);
    ControlRequest request = order(Action.CANCEL, ask).forBatch(batch.folder());
    return given(
        () -> files.preconditions().requireCancellable(batch, runs),
        runs.isEmpty() ? request : request.forRuns(runs, false));
  }

  /** Does runs again: the one in the path, those in the body, or all that failed. */
  String retry(HttpRequest ask, Map<String, String> path)
      throws HttpProblemException, IOException, InterruptedException {
    Batch batch = batchCatalog.batch(BatchApi.id(path));
    JsonNode body = body(ask);
    boolean force = body.path("force").asBoolean(false);
    List<Integer> named = new ArrayList<>(named(batch, path));
    for (JsonNode index : body.path("runs")) {
      named.add(BatchApi.index(batch, index.asText()));
    }
    List<Integer> runs = chosen(batch, named, body);
    return given(
        () -> files.preconditions().requireRerunnable(batch, runs, force),
        order(Action.RETRY, ask).forBatch(batch.folder()).forRuns(runs, force));
  }

  /** Those that are named, else all, else those that failed; narrowed by what else is asked for. */
  private static List<Integer> chosen(Batch batch, List<Integer> named, JsonNode body)
      throws HttpProblemException {
    Map<String, String> where = new TreeMap<>();
    body.path("where").properties().forEach(w -> where.put(w.getKey(), w.getValue().asText()));
    boolean byDefault = named.isEmpty() && !body.path("all").asBoolean(false);
    try {
      return new RunSelection(where, body.path("failed").asBoolean(byDefault)).of(batch, named);
    } catch (ControlRefusedException e) {
      throw new HttpProblemException(409, e.getMessage());
    }
  }

  /** Pauses or resumes: the batch in the path, the target in the body, or everything. */
  String hold(Action action, HttpRequest ask, Map<String, String> path)
      throws HttpProblemException, IOException, InterruptedException {
    ControlRequest request = order(action, ask);
    if (!path.containsKey("name")) {
      Optional<String> target = text(ask, "target");
      return given(() -> {}, target.map(request::forTarget).orElse(request));
    }
    Batch batch = batchCatalog.batch(BatchApi.id(path));
    return given(
        () -> files.preconditions().requireUnfinished(batch), request.forBatch(batch.folder()));
  }

  private static List<Integer> named(Batch batch, Map<String, String> path)
      throws HttpProblemException {
    return path.containsKey("index")
        ? List.of(BatchApi.index(batch, path.get("index")))
        : List.of();
  }

  private interface Test {
    void run() throws ControlRefusedException, IOException;
  }

  private String given(Test test, ControlRequest request)
      throws HttpProblemException, IOException, InterruptedException {
    try {
      test.run();
      Optional<String> broken = request.problem();
      if (broken.isPresent()) {
        throw new ControlRefusedException(broken.get());
      }
      return files.send(request);
    } catch (ControlRefusedException e) {
      throw new HttpProblemException(409, e.getMessage());
    }
  }

  private static ControlRequest order(Action action, HttpRequest ask) throws HttpProblemException {
    String why = text(ask, "why").orElse("");
    return ControlRequest.of(
        action, "http " + ask.remote(), why.substring(0, Math.min(MOST_WHY, why.length())));
  }

  private static Optional<String> text(HttpRequest ask, String name) throws HttpProblemException {
    String given =
        ask.form().isEmpty() ? body(ask).path(name).asText("") : ask.form().getOrDefault(name, "");
    return given.isBlank() ? Optional.empty() : Optional.of(given);
  }

  private static JsonNode body(HttpRequest ask) throws HttpProblemException {
    if (ask.body().length == 0 || !ask.form().isEmpty()) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(ask.body());
    } catch (IOException e) {
      throw new HttpProblemException(400, "the body is no JSON");
    }
  }
}
