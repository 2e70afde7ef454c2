package dev.caravan.observe.http;

import dev.caravan.observe.compare.ReportComparisons;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.BatchProgress;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.JunitReport;
import dev.caravan.observe.report.MarkdownReport;
import dev.caravan.observe.report.ProgressLines;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ReportPage;
import dev.caravan.observe.report.Reporter;
import dev.caravan.pipeline.outcome.FailOn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** API of what the commands print: reports, the list of batches, and progress lines. */
final class ReportApi {

  private static final int MAX_LISTED = 1000;
  private static final int MAX_FOLLOWED = 20;
  private static final int MAX_COMPARED = 20;
  private static final int MAX_WIDTH = 400;

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final BatchIndex index;

  /** A client that asks for a report has time; a page has not. */
  private final Turns reports = new Turns(Duration.ofMinutes(1));

  /** Progress of recently requested batches (LRU): creating one reads every run. */
  private final Map<Path, BatchProgress> followed =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, BatchProgress> eldest) {
          return size() > MAX_FOLLOWED;
        }
      };

  ReportApi(WebContext context, BatchCatalog batchCatalog, BatchIndex index) {
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.index = index;
  }

  private record Listed(int total, List<BatchEntry> batches) {}

  private record Progress(boolean finished, List<String> lines) {}

  void routes(Routes routes) {
    routes.on("GET", "/api/v1/list", (request, path) -> list(request));
    routes.on("GET", "/api/v1/report", (request, path) -> reports.take(() -> report(request)));
    routes.on("GET", "/api/v1/batches/:name/:time/progress", this::progress);
  }

  private HttpResponse list(HttpRequest request) throws HttpProblemException, IOException {
    int offset = request.number("offset", 0, Integer.MAX_VALUE);
    int limit = request.number("limit", MAX_LISTED, MAX_LISTED);
    List<CatalogEntry> all = batchCatalog.all();
    List<BatchEntry> entries =
        index.entries(all.stream().skip(offset).limit(limit).map(CatalogEntry::folder).toList());
    return HttpResponse.json(200, new Listed(all.size(), entries));
  }

  private HttpResponse report(HttpRequest request) throws HttpProblemException, IOException {
    List<Path> folders = folders(request.parameter("batches").orElse(""));
    Reporter reporter = new Reporter(new BatchReader());
    String format = request.parameter("format").orElse("json");
    return switch (format) {
      case "json" ->
          text(
              "application/json",
              ReportJson.of(compared(reporter.overview(folders), folders, request)) + "\n");
      case "md" ->
          text(
              "text/markdown; charset=utf-8",
              new MarkdownReport(
                      compared(reporter.overview(folders), folders, request), metrics(request))
                  .text());
      case "html" ->
          text(
              "text/html; charset=utf-8",
              new ReportPage().html(compared(reporter.report(folders), folders, request)));
      case "junit" ->
          attachment(
              "application/xml", JunitReport.xml(reporter.overview(folders), failOn(request)));
      default -> throw new HttpProblemException(400, "format must be json, md, html or junit");
    };
  }

  private ReportData compared(ReportData data, List<Path> folders, HttpRequest request)
      throws HttpProblemException, IOException {
    return data.with(ReportComparisons.of(context.settings(), folders, metrics(request)));
  }

  private static HttpResponse text(String type, String text) {
    return attachment(type, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The content is untrusted, so a browser must save it rather than show it. */
  private static HttpResponse attachment(String type, byte[] bytes) {
    return HttpResponse.of(200, type, bytes)
        .with("Content-Disposition", "attachment")
        .with("Content-Security-Policy", "sandbox; default-src 'none'");
  }

  private List<Path> folders(String ids) throws HttpProblemException, IOException {
    List<Path> folders = new ArrayList<>();
    for (String id : ids.split(",")) {
      folders.add(batchCatalog.entry(UrlPaths.decoded(id)).folder());
    }
    if (folders.size() > MAX_COMPARED) {
      throw new HttpProblemException(
          400, "a report over HTTP covers at most " + MAX_COMPARED + " batches");
    }
    return folders;
  }

  private static List<ReportMetric> metrics(HttpRequest request) throws HttpProblemException {
    List<ReportMetric> metrics = new ArrayList<>();
    for (String name : request.parameter("metrics").orElse("").split(",")) {
      if (!name.isBlank()) {
        metrics.add(
            ReportMetric.of(name.strip())
                .orElseThrow(
                    () -> new HttpProblemException(400, "there is no metric \"" + name + "\"")));
      }
    }
    return metrics;
  }

  private static FailOn failOn(HttpRequest request) throws HttpProblemException {
    String given = request.parameter("fail_on").orElse(FailOn.FAILED.value());
    return FailOn.find(given)
        .orElseThrow(
            () -> new HttpProblemException(400, "fail_on must be failed, degraded or warning"));
  }

  private synchronized HttpResponse progress(HttpRequest request, Map<String, String> path)
      throws HttpProblemException, IOException {
    int width = Math.max(1, request.number("width", 100, MAX_WIDTH));
    CatalogEntry entry = batchCatalog.entry(BatchApi.id(path));
    BatchProgress progress = followed.get(entry.folder());
    if (progress == null) {
      progress = new BatchProgress(batchCatalog.batch(entry.id()), Clock.systemUTC());
      followed.put(entry.folder(), progress);
    }
    Optional<String> waiting = batchCatalog.waiting(entry);
    return HttpResponse.json(
        200,
        new Progress(
            entry.finished(), ProgressLines.of(entry.id(), progress.read(), waiting, width)));
  }
}
