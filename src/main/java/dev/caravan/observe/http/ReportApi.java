package dev.caravan.observe.http;

import dev.caravan.model.Outcome;
import dev.caravan.observe.http.BatchCatalog.Listed;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.BatchProgress;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.JunitReport;
import dev.caravan.observe.report.MarkdownReport;
import dev.caravan.observe.report.ProgressLines;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ReportPage;
import dev.caravan.observe.report.Reporter;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports, the list of batches and the progress of one, as the commands print them. */
final class ReportApi {

  private static final int MOST_LISTED = 1000;
  private static final int MOST_WATCHED = 20;
  private static final int MOST_COMPARED = 20;
  private static final int WIDEST = 400;

  private final WebContext place;
  private final BatchCatalog batchCatalog;
  private final BatchIndex index;

  /** Those last asked for, the oldest first: to begin anew costs a look at each run. */
  private final Map<Path, BatchProgress> watched =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, BatchProgress> eldest) {
          return size() > MOST_WATCHED;
        }
      };

  ReportApi(WebContext place, BatchCatalog batchCatalog) {
    this.place = place;
    this.batchCatalog = batchCatalog;
    this.index = new BatchIndex(BatchIndex.of(place.home()), new BatchReader());
  }

  void routes(Router router) {
    router.on("GET", "/api/v1/list", (ask, path) -> list(ask));
    router.on("GET", "/api/v1/report", (ask, path) -> report(ask));
    router.on("GET", "/api/v1/batches/{name}/{time}/progress", this::progress);
  }

  private synchronized HttpResponse list(HttpRequest ask) throws HttpProblemException, IOException {
    int offset = ask.number("offset", 0, Integer.MAX_VALUE);
    int limit = ask.number("limit", MOST_LISTED, MOST_LISTED);
    List<Listed> all = batchCatalog.all();
    List<BatchEntry> entries =
        index.entries(all.stream().skip(offset).limit(limit).map(Listed::folder).toList());
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("total", all.size());
    content.put("batches", entries);
    return HttpResponse.json(200, content);
  }

  /** One at a time: each takes a core while a run may be measured. */
  private synchronized HttpResponse report(HttpRequest ask)
      throws HttpProblemException, IOException {
    List<Path> folders = folders(ask.query().getOrDefault("batches", ""));
    Reporter reporter = new Reporter(new BatchReader());
    String format = ask.query().getOrDefault("format", "json");
    return switch (format) {
      case "json" -> text("application/json", ReportJson.of(reporter.overview(folders)) + "\n");
      case "md" ->
          text(
              "text/markdown; charset=utf-8",
              new MarkdownReport(reporter.overview(folders), metrics(ask)).text());
      case "html" ->
          text("text/html; charset=utf-8", new ReportPage().html(reporter.report(folders)));
      case "junit" ->
          saved("application/xml", JunitReport.xml(reporter.overview(folders), failOn(ask)));
      default -> throw new HttpProblemException(400, "format is json, md, html or junit");
    };
  }

  private static HttpResponse text(String type, String text) {
    return saved(type, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Nobody chose what stands in it: a browser only ever saves it. */
  private static HttpResponse saved(String type, byte[] bytes) {
    return HttpResponse.of(200, type, bytes)
        .with("Content-Disposition", "attachment")
        .with("Content-Security-Policy", "sandbox; default-src 'none'");
  }

  private List<Path> folders(String ids) throws HttpProblemException, IOException {
    List<Path> folders = new ArrayList<>();
    for (String id : ids.split(",")) {
      folders.add(batchCatalog.listed(decoded(id)).folder());
    }
    if (folders.size() > MOST_COMPARED) {
      throw new HttpProblemException(
          400, "a report has at most " + MOST_COMPARED + " batches over HTTP");
    }
    return folders;
  }

  private static String decoded(String id) throws HttpProblemException {
    try {
      return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new HttpProblemException(400, "an id is not percent-encoded");
    }
  }

  private static List<ReportMetric> metrics(HttpRequest ask) throws HttpProblemException {
    List<ReportMetric> metrics = new ArrayList<>();
    for (String name : ask.query().getOrDefault("metrics", "").split(",")) {
      if (!name.isBlank()) {
        metrics.add(
            ReportMetric.of(name.strip())
                .orElseThrow(
                    () -> new HttpProblemException(400, "there is no metric \"" + name + "\"")));
      }
    }
    return metrics;
  }

  private static Outcome failOn(HttpRequest ask) {
    boolean strict = ask.query().getOrDefault("fail_on", "failed").equals("degraded");
    return strict ? Outcome.DEGRADED : Outcome.FAILED;
  }

  private synchronized HttpResponse progress(HttpRequest ask, Map<String, String> path)
      throws HttpProblemException, IOException {
    int width = Math.max(1, ask.number("width", 100, WIDEST));
    Listed listed = batchCatalog.listed(BatchApi.id(path));
    BatchProgress progress = watched.get(listed.folder());
    if (progress == null) {
      progress = new BatchProgress(batchCatalog.batch(listed.id()), Clock.systemUTC());
      watched.put(listed.folder(), progress);
    }
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("finished", listed.finished());
    content.put("lines", ProgressLines.of(listed.id(), progress.look(), width));
    return HttpResponse.json(200, content);
  }
}
