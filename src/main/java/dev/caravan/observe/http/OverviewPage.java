package dev.caravan.observe.http;

import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Outcome;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.NameTrend;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.observe.report.SloText;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The overview page and the list of all batches. */
final class OverviewPage {

  private static final Pattern ISO_TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d)");
  private static final int MAX_RECENT = 15;
  private static final int MAX_QUEUED = 50;
  private static final int PER_PAGE = 200;

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final HomeApi home;
  private final ActivityTimeline activityTimeline;
  private final LiveRuns live;
  private final DeadLetterFiles deadLetters;
  private final NameTrends trends;
  private final Pages pages;

  OverviewPage(
      WebContext context,
      BatchCatalog batchCatalog,
      HomeApi home,
      ActivityTimeline activityTimeline,
      LiveRuns live,
      DeadLetterFiles deadLetters,
      NameTrends trends) {
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.home = home;
    this.activityTimeline = activityTimeline;
    this.live = live;
    this.deadLetters = deadLetters;
    this.trends = trends;
    this.pages = new Pages(context);
  }

  void routes(Routes routes) {
    routes.on(
        "GET", "/", (request, path) -> pages.page("overview", "overview", "Overview", view()));
    routes.on(
        "GET", "/fragments/overview", (request, path) -> pages.fragment("overview-live", view()));
    routes.on("GET", "/batches", (request, path) -> all(request));
  }

  /** The live part of the page. */
  record Overview(
      Night night,
      List<NameRow> names,
      int unread,
      int most,
      TimelineView timeline,
      List<LiveRuns.LiveRun> running,
      List<Queued> queue,
      List<BatchRow> batches,
      int more,
      int total,
      int deadLetters,
      String inbox,
      List<HealthResult> failedChecks,
      List<Worker> workers) {}

  private Overview view() throws IOException {
    List<CatalogEntry> all = batchCatalog.all();
    NameTrends.Known names = trends.read();
    return new Overview(
        Night.of(names, OffsetDateTime.now()),
        names.shown(),
        names.unread(),
        NameTrend.MOST,
        activityTimeline.view(),
        live.all(),
        home.queue(MAX_QUEUED).stream().map(OverviewPage::queued).toList(),
        all.stream().limit(MAX_RECENT).map(BatchRow::of).toList(),
        Math.max(0, all.size() - MAX_RECENT),
        all.size(),
        deadLetters.count(),
        context.home().inbox().toString(),
        failedChecks(),
        home.workersOfHub().stream().map(OverviewPage::worker).toList());
  }

  /** A worker of a hub. */
  record Worker(
      String host,
      String id,
      String pools,
      int slots,
      String aiperf,
      String lastSeen,
      String whyNoRuns,
      String runs) {}

  private static Worker worker(WorkerView worker) {
    return new Worker(
        worker.host(),
        worker.id(),
        String.join(", ", worker.pools()),
        worker.slots(),
        worker.aiperf().isEmpty() ? "none" : worker.aiperf(),
        worker.sinceLastSeen().toSeconds() + " s ago",
        worker.whyNoRuns(),
        String.join(", ", worker.runs()));
  }

  private List<HealthResult> failedChecks() {
    return context.health().get().stream().filter(result -> !result.healthy()).toList();
  }

  /** A batch in the queue. */
  record Queued(
      String id,
      String href,
      String state,
      int done,
      int total,
      int failed,
      String start,
      String end,
      String message) {}

  static Queued queued(QueueEntry entry) {
    return new Queued(
        entry.id(),
        RunLinks.batch(entry.id()),
        entry.state(),
        entry.done(),
        entry.total(),
        entry.failed(),
        DisplayTime.of(entry.start()),
        DisplayTime.of(entry.end()),
        ISO_TIME.matcher(entry.message()).replaceAll(OverviewPage::shortTime));
  }

  /** What only looks like a time stays: a reason is the text of a person or a service. */
  private static String shortTime(MatchResult isoTime) {
    try {
      return DisplayTime.of(OffsetDateTime.parse(isoTime.group()));
    } catch (DateTimeException e) {
      return isoTime.group();
    }
  }

  /** A batch in a table. */
  record BatchRow(
      String id,
      String href,
      String accepted,
      String state,
      int total,
      String outcomes,
      boolean hasFailures,
      String slo,
      String labels) {

    static BatchRow of(CatalogEntry batch) {
      return new BatchRow(
          batch.id(),
          RunLinks.batch(batch.id()),
          DisplayTime.of(batch.acceptedAt()),
          batch.finished() ? "finished" : "in progress",
          batch.total(),
          OverviewPage.outcomes(batch),
          batch.count(Outcome.Counts.FAILED) > 0,
          batch.summary().map(SloText::summary).orElse(""),
          batch.record().labels().entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(" ")));
    }
  }

  /** The number of runs per outcome, such as {@code 3 succeeded, 1 failed}. */
  static String outcomes(CatalogEntry batch) {
    List<String> parts = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      if (batch.count(outcome) > 0) {
        parts.add(batch.count(outcome) + " " + outcome.value().replace('_', ' '));
      }
    }
    return String.join(", ", parts);
  }

  /** A page of the list of all batches; an offset of -1 is of no page. */
  record Listing(
      List<BatchRow> batches, int total, int first, int last, int nextOffset, int previousOffset) {}

  private HttpResponse all(HttpRequest request) throws HttpProblemException, IOException {
    List<CatalogEntry> all = batchCatalog.all();
    int offset = request.number("offset", 0, Integer.MAX_VALUE);
    Listing listing =
        new Listing(
            all.stream().skip(offset).limit(PER_PAGE).map(BatchRow::of).toList(),
            all.size(),
            offset + 1,
            Math.min(offset + PER_PAGE, all.size()),
            offset + PER_PAGE < all.size() ? offset + PER_PAGE : -1,
            offset > 0 ? Math.max(0, offset - PER_PAGE) : -1);
    return pages.page("batches", "overview", "All batches", listing);
  }
}
