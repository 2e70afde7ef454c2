package dev.caravan.observe.http;

import dev.caravan.config.Slo;
import dev.caravan.model.Batch;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.record.OpenResults;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** API of batches, runs and their files. */
final class BatchApi {

  private static final int MAX_LIMIT = 1000;

  private final WebContext context;
  private final BatchCatalog batchCatalog;

  BatchApi(WebContext context, BatchCatalog batchCatalog) {
    this.context = context;
    this.batchCatalog = batchCatalog;
  }

  void routes(Routes routes) {
    routes.on("GET", "/api/v1/batches", (request, path) -> batches(request));
    routes.on("GET", "/api/v1/batches/:name/:time", this::batch);
    routes.on("GET", "/api/v1/batches/:name/:time/runs/:index", this::run);
    routes.on("GET", "/api/v1/batches/:name/:time/files/*", this::file);
  }

  private HttpResponse batches(HttpRequest request) throws HttpProblemException, IOException {
    List<CatalogEntry> all = batchCatalog.all();
    int offset = request.number("offset", 0, Integer.MAX_VALUE);
    int limit = request.number("limit", 100, MAX_LIMIT);
    return HttpResponse.json(
        200,
        new ApiModels.Batches(
            all.size(), all.stream().skip(offset).limit(limit).map(ApiModels.Batch::of).toList()));
  }

  private HttpResponse batch(HttpRequest request, Map<String, String> path)
      throws HttpProblemException, IOException {
    CatalogEntry entry = batchCatalog.entry(id(path));
    int offset = request.number("offset", 0, Integer.MAX_VALUE);
    int limit = request.number("limit", MAX_LIMIT, MAX_LIMIT);
    List<String> keys = List.copyOf(entry.record().sweeps().keySet());
    List<Slo> slo = slo(entry);
    return HttpResponse.json(
        200,
        new ApiModels.BatchWithRuns(
            ApiModels.Batch.of(entry),
            BatchVerdict.read(entry.folder()),
            batchCatalog.waiting(entry),
            complete(entry, rows(entry).stream().skip(offset).limit(limit).toList()).stream()
                .map(row -> ApiModels.Row.of(keys, slo, row))
                .toList()));
  }

  /**
   * Rows with the reasons and findings that the table of a batch does not keep, from the folders of
   * those runs that have some.
   */
  private List<ResultRow> complete(CatalogEntry entry, List<ResultRow> rows) {
    if (openResults(entry).isPresent() || rows.stream().noneMatch(ResultRow::hasMoreInFolder)) {
      return rows;
    }
    Optional<Batch> batch = context.batches().find(entry.folder());
    return rows.stream()
        .map(
            row ->
                batch
                    .filter(known -> row.hasMoreInFolder() && known.hasRun(row.runIndex()))
                    .map(known -> row.completedBy(known.run(row.runIndex())))
                    .orElse(row))
        .toList();
  }

  /** The bounds that the batch's runs should keep. */
  private List<Slo> slo(CatalogEntry entry) {
    return entry
        .summary()
        .flatMap(BatchSummary::slo)
        .flatMap(any -> context.batches().find(entry.folder()))
        .map(batch -> batch.config().evaluation().slo())
        .orElse(List.of());
  }

  /** The result rows of all runs that have ended. */
  List<ResultRow> rows(CatalogEntry entry) {
    return openResults(entry)
        .map(OpenResults::rows)
        .or(
            () ->
                ResultsCsv.read(entry.folder().resolve(BatchFolder.RESULTS))
                    .map(ResultsCsv.Table::rows))
        .orElse(List.of());
  }

  private Optional<OpenResults> openResults(CatalogEntry entry) {
    return context.recorder().find(entry.folder()).filter(OpenResults::isRead);
  }

  private HttpResponse run(HttpRequest request, Map<String, String> path)
      throws HttpProblemException, IOException {
    Batch batch = batchCatalog.batch(id(path));
    int index = index(batch, path.get("index"));
    return HttpResponse.json(200, ApiModels.Run.of(batch.run(index), underway(batch, index)));
  }

  private Optional<DaemonStatus.Underway> underway(Batch batch, int index) {
    return context.status().get().underway().stream()
        .filter(u -> u.batchFolder().equals(batch.folder().toString()) && u.runIndex() == index)
        .findFirst();
  }

  private HttpResponse file(HttpRequest request, Map<String, String> path)
      throws HttpProblemException, IOException {
    Batch batch = batchCatalog.batch(id(path));
    Path file = RunFile.file(batch.folder(), path.get("*"));
    new LiveOutputMask(context.keys()).requireMasked(batch, file);
    return RunFile.response(request, batch.folder(), file);
  }

  static String id(Map<String, String> path) {
    return path.get("name") + "/" + path.get("time");
  }

  /** The index of a run that is given by its index or by its folder name. */
  static int index(Batch batch, String text) throws HttpProblemException {
    if (text.matches("[0-9]{1,9}") && batch.hasRun(Integer.parseInt(text))) {
      return Integer.parseInt(text);
    }
    return batch
        .indexes()
        .filter(index -> !text.isEmpty() && batch.sweep().folder(index).equals(text))
        .findFirst()
        .orElseThrow(() -> new HttpProblemException(404, batch.id() + " has no run " + text));
  }
}
