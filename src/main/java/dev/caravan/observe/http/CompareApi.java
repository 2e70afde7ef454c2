package dev.caravan.observe.http;

import dev.caravan.observe.compare.ReportComparisons;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonSection;
import dev.caravan.observe.report.LateChecks;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.Reporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The page that compares batches, and the API that feeds it. */
final class CompareApi {

  private static final int MAX_BATCHES = 50;

  /** Number of runs of all compared batches, which bounds the time and the size of an answer. */
  private static final int MAX_RUNS = 10_000;

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final Pages pages;
  private final Turns turns = new Turns(Turns.OF_A_PAGE);

  CompareApi(WebContext context, BatchCatalog batchCatalog) {
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.pages = new Pages(context);
  }

  /** How many batches can be compared, and the zone of times in the list. */
  record Limits(int maxBatches, String zoneId) {}

  void routes(Routes routes) {
    routes.on(
        "GET",
        "/compare",
        (request, path) ->
            pages.pageWithPlots(
                "compare", "compare", "Compare", new Limits(MAX_BATCHES, DisplayTime.zoneId())));
    routes.on("GET", "/api/v1/compare", (request, path) -> turns.take(() -> data(request)));
    routes.on("GET", "/fragments/compare", (request, path) -> turns.take(() -> verdicts(request)));
  }

  private HttpResponse data(HttpRequest request) throws HttpProblemException, IOException {
    List<CatalogEntry> batches = batches(request);
    ReportData data =
        new Reporter(BatchReader.ofTables(context.batches(), LateChecks.now()))
            .comparison(folders(batches));
    ReportData answer =
        request.parameter("base").isPresent() ? data.with(compared(batches, request)) : data;
    return HttpResponse.of(
        200, "application/json", ReportJson.of(answer).getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse verdicts(HttpRequest request) throws HttpProblemException, IOException {
    return HttpResponse.html(200, ComparisonSection.html(compared(batches(request), request)));
  }

  /** The verdict on each batch against the base, or on the variants of the only one. */
  private List<ComparisonResult> compared(List<CatalogEntry> batches, HttpRequest request)
      throws HttpProblemException, IOException {
    String base = request.parameter("base").orElse("");
    List<CatalogEntry> baseFirst = new ArrayList<>(batches);
    baseFirst.removeIf(entry -> !entry.id().equals(base));
    if (baseFirst.isEmpty()) {
      throw new HttpProblemException(400, "base must be one of the batches");
    }
    batches.stream().filter(entry -> !entry.id().equals(base)).forEach(baseFirst::add);
    return ReportComparisons.of(context.settings(), folders(baseFirst), List.of());
  }

  private List<CatalogEntry> batches(HttpRequest request) throws HttpProblemException, IOException {
    String given = request.parameter("batches").orElse("");
    if (given.isEmpty()) {
      throw new HttpProblemException(400, "batches must name the batches to compare");
    }
    Set<String> ids = new LinkedHashSet<>();
    for (String id : given.split(",")) {
      ids.add(UrlPaths.decoded(id));
    }
    if (ids.size() > MAX_BATCHES) {
      throw new HttpProblemException(400, "at most " + MAX_BATCHES + " batches can be compared");
    }
    List<CatalogEntry> batches = new ArrayList<>();
    long runs = 0;
    for (String id : ids) {
      CatalogEntry entry = batchCatalog.entry(id);
      runs += entry.record().runs();
      batches.add(entry);
    }
    if (runs > MAX_RUNS) {
      throw new HttpProblemException(
          400, "these batches have " + runs + " runs; at most " + MAX_RUNS + " can be compared");
    }
    return batches;
  }

  private static List<Path> folders(List<CatalogEntry> batches) {
    return batches.stream().map(CatalogEntry::folder).toList();
  }
}
