package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.MarkdownReport;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.Reporter;
import dev.caravan.observe.report.TokenCount;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.target.Target;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of a batch: live charts, the table of runs, and its config. */
final class BatchPage {

  private static final int MAX_CONFIG_BYTES = 200_000;

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final LiveRuns liveRuns;
  private final Reporter reporter;
  private final Pages pages;

  BatchPage(WebContext context, BatchCatalog batchCatalog, LiveRuns liveRuns) {
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.liveRuns = liveRuns;
    this.reporter = new Reporter(new BatchReader(context.batches()));
    this.pages = new Pages(context);
  }

  void routes(Routes routes) {
    String batch = "/batches/:name/:time";
    routes.on("GET", batch, (request, path) -> page(batchCatalog.entry(BatchApi.id(path))));
    routes.on("GET", "/fragments" + batch, (request, path) -> live(path));
    routes.on("GET", "/data" + batch, (request, path) -> data(path));
    routes.on("GET", batch + "/report.md", (request, path) -> markdown(path));
  }

  private HttpResponse page(CatalogEntry entry) throws IOException {
    Map<String, Object> view = live(entry);
    view.put("plots", true);
    view.put("config", config(entry));
    view.put(
        "tokenWarning",
        TokenCount.warning(context.batches().load(entry.folder()).run(0).parameters()));
    view.put("facts", facts(entry));
    view.put("hasReport", Files.isRegularFile(entry.folder().resolve(BatchFolder.REPORT)));
    return pages.page("batch", "batch", entry.id(), view);
  }

  private HttpResponse live(Map<String, String> path) throws HttpProblemException, IOException {
    return pages.fragment("batch-live", live(batchCatalog.entry(BatchApi.id(path))));
  }

  private Map<String, Object> live(CatalogEntry entry) throws IOException {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", entry.id());
    view.put("href", RunLinks.batch(entry.id()));
    view.put("api", "/api/v1/batches/" + UrlPaths.path(entry.id()));
    view.put("finished", entry.finished());
    view.put("total", entry.record().runs());
    view.put("ended", entry.ended());
    view.put("outcomes", OverviewPage.outcomes(entry));
    view.put("failed", entry.count(Outcome.Counts.FAILED));
    Control control = context.controls().of(entry.folder());
    view.put("cancelled", control.cancelled().map(Control.Order::message).orElse(""));
    view.put("paused", control.paused().map(Control.Order::message).orElse(""));
    view.put(
        "running",
        liveRuns.all().stream()
            .filter(run -> run.href().startsWith(RunLinks.batch(entry.id()) + "/"))
            .toList());
    return view;
  }

  private Map<String, String> facts(CatalogEntry entry) throws IOException {
    Batch batch = context.batches().load(entry.folder());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Model", batch.run(0).parameters().model());
    facts.put("Service", Target.of(batch.sweep().url(0)).toString());
    facts.put("Accepted", DisplayTime.of(entry.acceptedAt()));
    facts.put("Finished", DisplayTime.of(entry.summary().flatMap(BatchSummary::finishedAt)));
    facts.put("Submitted by", String.valueOf(entry.record().submittedBy()));
    facts.put("Config", entry.record().sourceFile());
    facts.put("aiperf", String.valueOf(entry.record().versions().aiperf()));
    facts.put("Host", entry.record().host());
    facts.put("Folder", entry.folder().toString());
    entry.record().labels().forEach((label, value) -> facts.put("Label " + label, value));
    facts.values().removeIf(String::isEmpty);
    return facts;
  }

  private static String config(CatalogEntry entry) {
    return FileTail.of(entry.folder().resolve(BatchFolder.CONFIG), MAX_CONFIG_BYTES).text();
  }

  private HttpResponse data(Map<String, String> path) throws HttpProblemException, IOException {
    String json = ReportJson.of(report(path));
    return HttpResponse.of(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private ReportData report(Map<String, String> path) throws HttpProblemException, IOException {
    return reporter.overview(List.of(batchCatalog.entry(BatchApi.id(path)).folder()));
  }

  private HttpResponse markdown(Map<String, String> path) throws HttpProblemException, IOException {
    String text = new MarkdownReport(report(path), List.of()).text();
    return HttpResponse.of(
        200, "text/markdown; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }
}
