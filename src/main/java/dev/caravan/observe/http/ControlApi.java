package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import dev.caravan.pipeline.dispatch.RunSelection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Cancels, pauses, resumes and retries over HTTP, with the control files that the commands use. */
final class ControlApi {

  /** So many names are looked up one by one. */
  private static final int FEW = 100;

  private final BatchCatalog batchCatalog;
  private final ControlClient controlClient;

  ControlApi(WebContext context, BatchCatalog batchCatalog) {
    this.batchCatalog = batchCatalog;
    this.controlClient = ControlClient.insideDaemon(context.settings());
  }

  void routes(Routes routes) {
    String batch = "/api/v1/batches/:name/:time";
    routes.on("POST", batch + "/cancel", (request, path) -> result(cancel(request, path)));
    routes.on(
        "POST",
        batch + "/pause",
        (request, path) -> result(pauseOrResume(Action.PAUSE, request, path)));
    routes.on(
        "POST",
        batch + "/resume",
        (request, path) -> result(pauseOrResume(Action.RESUME, request, path)));
    routes.on("POST", batch + "/retry", (request, path) -> result(retry(request, path)));
    routes.on(
        "POST", batch + "/runs/:index/cancel", (request, path) -> result(cancel(request, path)));
    routes.on(
        "POST", batch + "/runs/:index/retry", (request, path) -> result(retry(request, path)));
    routes.on(
        "POST",
        "/api/v1/pause",
        (request, path) -> result(pauseOrResume(Action.PAUSE, request, path)));
    routes.on(
        "POST",
        "/api/v1/resume",
        (request, path) -> result(pauseOrResume(Action.RESUME, request, path)));
  }

  private static HttpResponse result(String message) {
    return HttpResponse.json(200, Map.of("result", message));
  }

  /**
   * Cancels the batch or run in the path, the runs in the body, or those that have what the body
   * says in {@code where} and have not ended; returns a message about the result.
   */
  String cancel(HttpRequest request, Map<String, String> path)
      throws HttpProblemException, IOException, InterruptedException {
    Batch batch = batchCatalog.batch(BatchApi.id(path));
    ControlBody body = ControlBody.of(request).forCancel();
    List<Integer> named = named(batch, path, body);
    List<Integer> runs =
        body.where().isEmpty() ? named : selected(batch, named, body, RunSelection.Ends.NONE);
    ControlRequest control = control(Action.CANCEL, request, body).forBatch(batch.folder());
    return send(
        () -> controlClient.preconditions().requireCancellable(batch, runs),
        runs.isEmpty() ? control : control.forRuns(runs, false));
  }

  /**
   * Retries runs: the one in the path, those in the body, all if the body says {@code all}, of
   * which completed ones only with {@code force}, or all failed ones; {@code failed} and {@code
   * where} filter them further. Returns a message about the result.
   */
  String retry(HttpRequest request, Map<String, String> path)
      throws HttpProblemException, IOException, InterruptedException {
    Batch batch = batchCatalog.batch(BatchApi.id(path));
    ControlBody body = ControlBody.of(request).forRetry();
    List<Integer> named = named(batch, path, body);
    boolean isFailedOnly = body.failedOnly(named.isEmpty() && !body.all());
    List<Integer> selected =
        selected(
            batch, named, body, isFailedOnly ? RunSelection.Ends.FAILED : RunSelection.Ends.ANY);
    List<Integer> runs =
        named.isEmpty()
            ? controlClient.preconditions().repeatable(batch, selected, body.force())
            : selected;
    return send(
        () -> controlClient.preconditions().requireRerunnable(batch, runs, body.force()),
        control(Action.RETRY, request, body).forBatch(batch.folder()).forRuns(runs, body.force()));
  }

  /** The run in the path and those in the body. */
  private static List<Integer> named(Batch batch, Map<String, String> path, ControlBody body)
      throws HttpProblemException {
    List<Integer> named = new ArrayList<>(runsInPath(batch, path));
    Map<String, Integer> folders = body.runs().size() > FEW ? folders(batch) : Map.of();
    for (String run : new LinkedHashSet<>(body.runs())) {
      named.add(folders.containsKey(run) ? folders.get(run) : BatchApi.index(batch, run));
    }
    return named;
  }

  /** To look at all runs for the name of each takes hours. */
  private static Map<String, Integer> folders(Batch batch) {
    return batch
        .indexes()
        .boxed()
        .collect(Collectors.toMap(batch.sweep()::folder, index -> index, (a, b) -> a));
  }

  /** The named runs, or all of the batch without names, that have what the body says. */
  private static List<Integer> selected(
      Batch batch, List<Integer> named, ControlBody body, RunSelection.Ends ends)
      throws HttpProblemException {
    try {
      return new RunSelection(body.where(), ends).of(batch, named);
    } catch (ControlRefusedException e) {
      throw new HttpProblemException(409, e.getMessage());
    }
  }

  /**
   * Pauses or resumes the batch in the path, the target in the body, or everything. Returns a
   * message about the result.
   */
  String pauseOrResume(Action action, HttpRequest request, Map<String, String> path)
      throws HttpProblemException, IOException, InterruptedException {
    ControlBody body = ControlBody.of(request).forPause();
    ControlRequest control = control(action, request, body);
    if (!path.containsKey("name")) {
      return send(() -> {}, body.namedTarget().map(control::forTarget).orElse(control));
    }
    Batch batch = batchCatalog.batch(BatchApi.id(path));
    return send(
        () -> controlClient.preconditions().requireUnfinished(batch),
        control.forBatch(batch.folder()));
  }

  private static List<Integer> runsInPath(Batch batch, Map<String, String> path)
      throws HttpProblemException {
    return path.containsKey("index")
        ? List.of(BatchApi.index(batch, path.get("index")))
        : List.of();
  }

  private interface Precondition {
    void check() throws ControlRefusedException, IOException;
  }

  private String send(Precondition precondition, ControlRequest control)
      throws HttpProblemException, IOException, InterruptedException {
    try {
      precondition.check();
      Optional<String> problem = control.problem();
      if (problem.isPresent()) {
        throw new ControlRefusedException(problem.get());
      }
      return controlClient.send(control);
    } catch (ControlRefusedException e) {
      throw new HttpProblemException(409, e.getMessage());
    }
  }

  private static ControlRequest control(Action action, HttpRequest request, ControlBody body) {
    return ControlRequest.of(action, "http " + request.remote(), body.why());
  }
}
