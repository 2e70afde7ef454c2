package dev.caravan.observe.http;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.QuerySecrets;
import dev.caravan.config.text.Plural;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.observe.report.Fact;
import dev.caravan.observe.report.MarkdownReport;
import dev.caravan.observe.report.Provenance;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.Reporter;
import dev.caravan.observe.report.TokenCount;
import dev.caravan.pipeline.dispatch.ControlPreconditions;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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

  /**
   * The part of the page that follows the batch; {@code cancelled} and {@code paused} say why,
   * {@code sentence} the verdict of its comparison in words, and {@code answers} what its search
   * found; {@code pageState} changes when the rest of the page does.
   */
  record Live(
      String id,
      String href,
      String api,
      boolean finished,
      String total,
      int ended,
      String outcomes,
      int failed,
      String cancelled,
      String paused,
      String verdict,
      String sentence,
      List<String> answers,
      List<LiveRuns.LiveRun> running,
      String pageState) {}

  /**
   * The part of the page that stays.
   *
   * @param trend page of the batches of its name; empty before one has finished
   * @param files names of the files for the whole batch that are there
   * @param isVoid whether the numbers of that run mean nothing
   * @param onlyRun page of the run of a batch of one run, which is shown in place; else empty
   */
  record Details(
      String name,
      String trend,
      String config,
      String tokenWarning,
      List<Fact> facts,
      List<String> files,
      String onlyRun,
      boolean isVoid,
      Set<Map.Entry<String, String>> tokens,
      Set<Map.Entry<String, RunPageMetrics.Shown>> metrics) {}

  private HttpResponse page(CatalogEntry entry) throws IOException {
    Batch batch = context.batches().load(entry.folder());
    Optional<Run> onlyRun = batch.size() == 1 ? Optional.of(batch.firstRun()) : Optional.empty();
    Details details =
        new Details(
            entry.name(),
            hasTrend(entry) ? RunLinks.trend(entry.name()) : "",
            QuerySecrets.masked(config(entry)),
            TokenCount.warning(batch.firstRun().parameters()),
            facts(entry, batch),
            files(entry.folder()),
            onlyRun.map(RunLinks::run).orElse(""),
            entry.count(Outcome.INVALID) > 0,
            onlyRun.map(RunPageMetrics::tokens).orElse(Map.of()).entrySet(),
            onlyRun.map(BatchPage::metrics).orElse(Map.of()).entrySet());
    return pages.pageWithPlots("batch", "batch", entry.id(), live(entry), details);
  }

  private boolean hasTrend(CatalogEntry entry) throws IOException {
    return batchCatalog.all().stream()
        .anyMatch(each -> each.finished() && each.name().equals(entry.name()));
  }

  private static Map<String, RunPageMetrics.Shown> metrics(Run run) {
    return RunPageMetrics.of(
        run, ControlPreconditions.finalResult(run).map(Head::checks).orElse(CheckResults.NONE));
  }

  private static List<String> files(Path folder) {
    return Stream.of(BatchFolder.REPORT, BatchFolder.RESULTS, BatchFolder.GROUPS)
        .filter(name -> Files.isRegularFile(folder.resolve(name)))
        .toList();
  }

  private HttpResponse live(Map<String, String> path) throws HttpProblemException, IOException {
    return pages.fragment("batch-live", live(batchCatalog.entry(BatchApi.id(path))));
  }

  private Live live(CatalogEntry entry) throws IOException {
    Optional<BatchVerdict> verdict = BatchVerdict.read(entry.folder());
    Control control = context.controls().of(entry.folder());
    return new Live(
        entry.id(),
        RunLinks.batch(entry.id()),
        "/api/v1/batches/" + UrlPaths.path(entry.id()),
        entry.finished(),
        Plural.runs(entry.total(), entry.isMost()),
        entry.ended(),
        OverviewPage.outcomes(entry),
        entry.count(Outcome.Counts.FAILED),
        cancelled(entry, control).map(Control.Order::message).orElse(""),
        control.paused().map(Control.Order::message).orElse(""),
        verdict.map(BatchVerdict::verdict).map(Verdict::name).orElse(""),
        verdict.map(BatchVerdict::sentence).orElse(""),
        entry.summary().map(BatchSummary::searchLines).orElse(List.of()),
        liveRuns.all().stream()
            .filter(run -> run.href().startsWith(RunLinks.batch(entry.id()) + "/"))
            .toList(),
        entry
            .summary()
            .flatMap(BatchSummary::finishedAt)
            .map(end -> "finished " + end.toEpochSecond())
            .orElse("open"));
  }

  /** While runs are retried, the batch can be cancelled once more; all may have been retried. */
  private static Optional<Control.Order> cancelled(CatalogEntry entry, Control control) {
    return entry.finished()
        ? control.cancelled().filter(order -> entry.count(Outcome.CANCELLED) > 0)
        : control.cancellationOfAll();
  }

  private static List<Fact> facts(CatalogEntry entry, Batch batch) {
    BatchRecord record = entry.record();
    return Fact.known(
        Stream.concat(
            Stream.of(
                new Fact("Model", Provenance.models(batch)),
                new Fact("Service", Provenance.targets(batch)),
                new Fact("Accepted", DisplayTime.of(entry.acceptedAt())),
                new Fact(
                    "Finished", DisplayTime.of(entry.summary().flatMap(BatchSummary::finishedAt))),
                new Fact("Submitted by", String.valueOf(record.submittedBy())),
                new Fact("Config", record.sourceFile()),
                new Fact("aiperf", String.valueOf(record.versions().aiperf())),
                new Fact("Host", record.host()),
                new Fact(
                    "Failed hooks",
                    String.join("; ", HookRecord.ofBatch(entry.folder()).failures())),
                new Fact("Folder", entry.folder().toString())),
            Stream.concat(Fact.overrides(record.overrides()), Fact.labels(record.labels()))));
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
