package dev.caravan.observe.http;

import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Outcome;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.QueueEntry;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Pages pages;

  OverviewPage(
      WebContext context,
      BatchCatalog batchCatalog,
      HomeApi home,
      ActivityTimeline activityTimeline,
      LiveRuns live,
      DeadLetterFiles deadLetters) {
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.home = home;
    this.activityTimeline = activityTimeline;
    this.live = live;
    this.deadLetters = deadLetters;
    this.pages = new Pages(context);
  }

  void routes(Routes routes) {
    routes.on(
        "GET", "/", (request, path) -> pages.page("overview", "overview", "Overview", view()));
    routes.on(
        "GET", "/fragments/overview", (request, path) -> pages.fragment("overview-live", view()));
    routes.on("GET", "/batches", (request, path) -> all(request));
  }

  private Map<String, Object> view() throws IOException {
    List<CatalogEntry> all = batchCatalog.all();
    List<QueueEntry> queue = home.queue(MAX_QUEUED);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("timeline", activityTimeline.view());
    view.put("running", live.all());
    view.put("queue", queue.stream().map(OverviewPage::entry).toList());
    view.put("batches", all.stream().limit(MAX_RECENT).map(OverviewPage::batch).toList());
    view.put("more", Math.max(0, all.size() - MAX_RECENT));
    view.put("total", all.size());
    view.put("deadLetters", deadLetters.count());
    view.put("inbox", context.home().inbox().toString());
    view.put("failedChecks", failedChecks());
    view.put("workers", home.workersOfHub().stream().map(OverviewPage::worker).toList());
    return view;
  }

  private static Map<String, Object> worker(WorkerView worker) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("host", worker.host());
    view.put("id", worker.id());
    view.put("pools", String.join(", ", worker.pools()));
    view.put("slots", worker.slots());
    view.put("aiperf", worker.aiperf().isEmpty() ? "none" : worker.aiperf());
    view.put("lastSeen", worker.sinceLastSeen().toSeconds() + " s ago");
    view.put("runs", String.join(", ", worker.runs()));
    return view;
  }

  private List<HealthResult> failedChecks() {
    return context.health().get().stream().filter(result -> !result.healthy()).toList();
  }

  private static Map<String, Object> entry(QueueEntry entry) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", entry.id());
    view.put("href", RunLinks.batch(entry.id()));
    view.put("state", entry.state());
    view.put("done", entry.done());
    view.put("total", entry.total());
    view.put("failed", entry.failed());
    view.put("start", DisplayTime.of(entry.start()));
    view.put("end", DisplayTime.of(entry.end()));
    view.put("message", ISO_TIME.matcher(entry.message()).replaceAll(OverviewPage::shortTime));
    return view;
  }

  private static String shortTime(MatchResult isoTime) {
    return DisplayTime.of(OffsetDateTime.parse(isoTime.group()));
  }

  static Map<String, Object> batch(CatalogEntry batch) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", batch.id());
    view.put("href", RunLinks.batch(batch.id()));
    view.put("accepted", DisplayTime.of(batch.acceptedAt()));
    view.put("state", batch.finished() ? "finished" : "in progress");
    view.put("total", batch.record().runs());
    view.put("outcomes", outcomes(batch));
    view.put("hasFailures", batch.count(Outcome.Counts.FAILED) > 0);
    view.put(
        "labels",
        batch.record().labels().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(" ")));
    return view;
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

  private HttpResponse all(HttpRequest request) throws HttpProblemException, IOException {
    List<CatalogEntry> all = batchCatalog.all();
    int offset = request.number("offset", 0, Integer.MAX_VALUE);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put(
        "batches", all.stream().skip(offset).limit(PER_PAGE).map(OverviewPage::batch).toList());
    view.put("total", all.size());
    view.put("first", offset + 1);
    view.put("last", Math.min(offset + PER_PAGE, all.size()));
    view.put("nextOffset", offset + PER_PAGE < all.size() ? offset + PER_PAGE : -1);
    view.put("previousOffset", offset > 0 ? Math.max(0, offset - PER_PAGE) : -1);
    return pages.page("batches", "overview", "All batches", view);
  }
}
