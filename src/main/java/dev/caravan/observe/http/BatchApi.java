package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.observe.http.BatchCatalog.Listed;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.record.OpenResults;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Batches and runs, as data. */
final class BatchApi {

  private static final int MOST = 1000;

  private final WebContext place;
  private final BatchCatalog batchCatalog;

  BatchApi(WebContext place, BatchCatalog batchCatalog) {
    this.place = place;
    this.batchCatalog = batchCatalog;
  }

  void routes(Router router) {
    router.on("GET", "/api/v1/batches", (ask, path) -> batches(ask));
    router.on("GET", "/api/v1/batches/{name}/{time}", this::batch);
    router.on("GET", "/api/v1/batches/{name}/{time}/runs/{index}", this::run);
    router.on("GET", "/api/v1/batches/{name}/{time}/files/{file*}", this::file);
  }

  private HttpResponse batches(HttpRequest ask) throws HttpProblemException, IOException {
    List<Listed> all = batchCatalog.all();
    int offset = ask.number("offset", 0, Integer.MAX_VALUE);
    int limit = ask.number("limit", 100, MOST);
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("total", all.size());
    content.put("batches", all.stream().skip(offset).limit(limit).map(ApiModels::batch).toList());
    return HttpResponse.json(200, content);
  }

  private HttpResponse batch(HttpRequest ask, Map<String, String> path)
      throws HttpProblemException, IOException {
    Listed listed = batchCatalog.listed(id(path));
    int offset = ask.number("offset", 0, Integer.MAX_VALUE);
    int limit = ask.number("limit", MOST, MOST);
    Map<String, Object> content = ApiModels.batch(listed);
    List<String> keys = List.copyOf(listed.record().sweeps().keySet());
    content.put(
        "runs",
        rows(listed).stream().skip(offset).limit(limit).map(r -> ApiModels.row(keys, r)).toList());
    return HttpResponse.json(200, content);
  }

  /** The rows of the runs that ended. */
  List<ResultRow> rows(Listed listed) {
    return place
        .recorder()
        .find(listed.folder())
        .map(OpenResults::rows)
        .or(
            () ->
                ResultsCsv.read(listed.folder().resolve(ResultWriter.RESULTS))
                    .map(ResultsCsv.Sheet::rows))
        .orElse(List.of());
  }

  private HttpResponse run(HttpRequest ask, Map<String, String> path)
      throws HttpProblemException, IOException {
    Batch batch = batchCatalog.batch(id(path));
    int index = index(batch, path.get("index"));
    return HttpResponse.json(200, ApiModels.run(batch.run(index), underway(batch, index)));
  }

  private Optional<DaemonStatus.Underway> underway(Batch batch, int index) {
    return place.status().get().underway().stream()
        .filter(u -> u.batchFolder().equals(batch.folder().toString()) && u.runIndex() == index)
        .findFirst();
  }

  private HttpResponse file(HttpRequest ask, Map<String, String> path)
      throws HttpProblemException, IOException {
    Batch batch = batchCatalog.batch(id(path));
    new LiveOutputMask(place.keys()).requireMasked(batch, path.get("file"));
    return RunFile.reply(ask, batch.folder(), path.get("file"));
  }

  static String id(Map<String, String> path) {
    return path.get("name") + "/" + path.get("time");
  }

  /** The run index in a path, or that of the run in a folder of this name. */
  static int index(Batch batch, String text) throws HttpProblemException {
    if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) < batch.size()) {
      return Integer.parseInt(text);
    }
    for (int index = 0; index < batch.size() && text.length() > 1; index++) {
      if (batch.sweep().folder(index).equals(text)) {
        return index;
      }
    }
    throw new HttpProblemException(404, batch.id() + " has no run " + text);
  }
}
