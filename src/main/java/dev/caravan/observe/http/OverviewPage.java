package dev.caravan.observe.http;

import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Outcome;
import dev.caravan.observe.http.BatchCatalog.Listed;
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

/** The overview, and the list of all batches. */
final class OverviewPage {

  private static final Pattern ISO =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d)");
  private static final int LAST = 15;
  private static final int QUEUE = 50;
  private static final int PER_PAGE = 200;

  private final WebContext place;
  private final BatchCatalog batchCatalog;
  private final HomeApi home;
  private final ActivityTimeline activityTimeline;
  private final LiveRuns live;
  private final DeadLetterFiles letters;
  private final Pages pages;

  OverviewPage(
      WebContext place,
      BatchCatalog batchCatalog,
      HomeApi home,
      ActivityTimeline activityTimeline,
      LiveRuns live,
      DeadLetterFiles letters) {
    this.place = place;
    this.batchCatalog = batchCatalog;
    this.home = home;
    this.activityTimeline = activityTimeline;
    this.live = live;
    this.letters = letters;
    this.pages = new Pages(place);
  }

  void routes(Router router) {
    router.on("GET", "/", (ask, path) -> pages.page("overview", "overview", "Overview", view()));
    router.on("GET", "/fragments/overview", (ask, path) -> pages.fragment("overview-live", view()));
    router.on("GET", "/batches", (ask, path) -> all(ask));
  }

  private Map<String, Object> view() throws IOException {
    List<Listed> all = batchCatalog.all();
    List<QueueEntry> queue = home.queue(QUEUE);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("night", activityTimeline.view());
    view.put("running", live.all());
    view.put("queue", queue.stream().map(OverviewPage::entry).toList());
    view.put("batches", all.stream().limit(LAST).map(OverviewPage::batch).toList());
    view.put("more", Math.max(0, all.size() - LAST));
    view.put("total", all.size());
    view.put("letters", letters.count());
    view.put("inbox", place.home().inbox().toString());
    view.put("badChecks", badChecks());
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
    view.put("heard", worker.silence().toSeconds() + " s ago");
    view.put("runs", String.join(", ", worker.runs()));
    return view;
  }

  private List<Map<String, String>> badChecks() {
    List<Map<String, String>> bad = new ArrayList<>();
    for (HealthCheckResult check : place.checks()) {
      HealthCheckResult.Finding found = check.look().get();
      if (!found.well()) {
        bad.add(Map.of("name", check.name(), "message", found.message()));
      }
    }
    return bad;
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
    view.put("message", ISO.matcher(entry.message()).replaceAll(OverviewPage::shortly));
    return view;
  }

  private static String shortly(MatchResult moment) {
    return DisplayTime.of(OffsetDateTime.parse(moment.group()));
  }

  static Map<String, Object> batch(Listed batch) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", batch.id());
    view.put("href", RunLinks.batch(batch.id()));
    view.put("accepted", DisplayTime.of(batch.acceptedAt()));
    view.put("state", batch.finished() ? "finished" : "open");
    view.put("total", batch.record().runs());
    view.put("outcomes", outcomes(batch));
    view.put("bad", batch.count(Outcome.Counts.FAILED) > 0);
    view.put(
        "labels",
        batch.record().labels().entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(" ")));
    return view;
  }

  /** Such as {@code 3 succeeded, 1 failed}. */
  static String outcomes(Listed batch) {
    List<String> parts = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      if (batch.count(outcome) > 0) {
        parts.add(batch.count(outcome) + " " + outcome.value().replace('_', ' '));
      }
    }
    return String.join(", ", parts);
  }

  private HttpResponse all(HttpRequest ask) throws HttpProblemException, IOException {
    List<Listed> all = batchCatalog.all();
    int offset = ask.number("offset", 0, Integer.MAX_VALUE);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put(
        "batches", all.stream().skip(offset).limit(PER_PAGE).map(OverviewPage::batch).toList());
    view.put("total", all.size());
    view.put("from", offset + 1);
    view.put("next", offset + PER_PAGE < all.size() ? offset + PER_PAGE : -1);
    view.put("before", offset > 0 ? Math.max(0, offset - PER_PAGE) : -1);
    return pages.page("batches", "overview", "All batches", view);
  }
}
