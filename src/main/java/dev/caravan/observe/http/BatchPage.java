package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.observe.http.BatchCatalog.Listed;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.MarkdownReport;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.Reporter;
import dev.caravan.observe.report.TokenCount;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of a batch: its curves, growing, and its table. */
final class BatchPage {

  private static final int MOST_CONFIG = 200_000;

  private final WebContext place;
  private final BatchCatalog batchCatalog;
  private final LiveRuns live;
  private final Reporter reporter;
  private final Pages pages;

  BatchPage(WebContext place, BatchCatalog batchCatalog, LiveRuns live) {
    this.place = place;
    this.batchCatalog = batchCatalog;
    this.live = live;
    this.reporter = new Reporter(new BatchReader(place.batches()));
    this.pages = new Pages(place);
  }

  void routes(Router router) {
    String batch = "/batches/{name}/{time}";
    router.on("GET", batch, (ask, path) -> page(batchCatalog.listed(BatchApi.id(path))));
    router.on("GET", "/fragments" + batch, (ask, path) -> head(path));
    router.on("GET", "/data" + batch, (ask, path) -> data(path));
    router.on("GET", batch + "/report.md", (ask, path) -> markdown(path));
  }

  private HttpResponse page(Listed listed) throws IOException {
    Map<String, Object> view = head(listed);
    view.put("plots", true);
    view.put("config", config(listed));
    view.put(
        "counting", TokenCount.warning(place.batches().load(listed.folder()).run(0).parameters()));
    view.put("facts", facts(listed));
    view.put("hasReport", Files.isRegularFile(listed.folder().resolve("report.html")));
    return pages.page("batch", "batch", listed.id(), view);
  }

  private HttpResponse head(Map<String, String> path) throws HttpProblemException, IOException {
    return pages.fragment("batch-live", head(batchCatalog.listed(BatchApi.id(path))));
  }

  private Map<String, Object> head(Listed listed) throws IOException {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", listed.id());
    view.put("href", RunLinks.batch(listed.id()));
    view.put("api", "/api/v1/batches/" + UrlPaths.path(listed.id()));
    view.put("finished", listed.finished());
    view.put("total", listed.record().runs());
    view.put("ended", listed.ended());
    view.put("outcomes", OverviewPage.outcomes(listed));
    view.put("bad", listed.count(Outcome.Counts.FAILED));
    Control control = place.controls().of(listed.folder());
    view.put("cancelled", control.cancelled().map(Control.Order::message).orElse(""));
    view.put("paused", control.paused().map(Control.Order::message).orElse(""));
    view.put(
        "running",
        live.all().stream()
            .filter(run -> run.href().startsWith(RunLinks.batch(listed.id()) + "/"))
            .toList());
    return view;
  }

  private Map<String, String> facts(Listed listed) throws IOException {
    Batch batch = place.batches().load(listed.folder());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Model", batch.run(0).parameters().model());
    facts.put("Target", Target.of(batch.sweep().url(0)).toString());
    facts.put("Accepted", DisplayTime.of(listed.acceptedAt()));
    facts.put("Finished", DisplayTime.of(listed.summary().flatMap(BatchSummary::finishedAt)));
    facts.put("Submitted by", String.valueOf(listed.record().submittedBy()));
    facts.put("Config", listed.record().sourceFile());
    facts.put("aiperf", String.valueOf(listed.record().versions().aiperf()));
    facts.put("Host", listed.record().host());
    facts.put("Folder", listed.folder().toString());
    listed.record().labels().forEach((label, value) -> facts.put("Label " + label, value));
    facts.values().removeIf(String::isEmpty);
    return facts;
  }

  private static String config(Listed listed) {
    return FileTail.of(listed.folder().resolve(Batch.CONFIG), MOST_CONFIG).text();
  }

  private HttpResponse data(Map<String, String> path) throws HttpProblemException, IOException {
    String json = ReportJson.of(report(path));
    return HttpResponse.of(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  private ReportData report(Map<String, String> path) throws HttpProblemException, IOException {
    return reporter.overview(List.of(batchCatalog.listed(BatchApi.id(path)).folder()));
  }

  private HttpResponse markdown(Map<String, String> path) throws HttpProblemException, IOException {
    String text = new MarkdownReport(report(path), List.of()).text();
    return HttpResponse.of(
        200, "text/markdown; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }
}
