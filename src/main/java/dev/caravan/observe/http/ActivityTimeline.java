package dev.caravan.observe.http;

import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.http.Outages.Outage;
import dev.caravan.observe.http.TimelineView.Bar;
import dev.caravan.observe.http.TimelineView.Lane;
import dev.caravan.observe.http.TimelineView.Period;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ResultRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The activity of the last hours: a one-sentence summary, and a lane of runs for each target. */
final class ActivityTimeline {

  private static final int HOURS = 12;
  private static final List<Duration> WINDOWS =
      List.of(
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(4),
          Duration.ofHours(8),
          Duration.ofHours(HOURS));
  private static final int MAX_BATCHES = 60;
  private static final int MAX_RUNS = 3000;
  private static final double WIDTH = 1000;
  private static final double MIN_WIDTH = 1.5;
  private static final String RUNNING = "running";

  private record CachedRuns(int ended, List<TimelineRun> runs) {}

  private record TimelineRun(
      String target,
      String href,
      String outcome,
      OffsetDateTime from,
      OffsetDateTime until,
      String title) {}

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final BatchApi batches;
  private final Outages outages;
  private final List<OffsetDateTime> starts;
  private final Map<Path, CachedRuns> cache = new LinkedHashMap<>();

  ActivityTimeline(
      WebContext context,
      BatchCatalog batchCatalog,
      BatchApi batches,
      Outages outages,
      List<OffsetDateTime> starts) {
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.batches = batches;
    this.outages = outages;
    this.starts = starts;
  }

  /** The timeline up to now. */
  synchronized TimelineView view() throws IOException {
    OffsetDateTime now = OffsetDateTime.now();
    OffsetDateTime from = now.minusHours(HOURS);
    List<CatalogEntry> recent =
        batchCatalog.all().stream()
            .filter(entry -> !entry.finished() || endedAfter(entry, from))
            .toList();
    DaemonStatus status = context.status().get();
    Duration window = window(recent, now);
    OffsetDateTime start = now.minus(window);
    return new TimelineView(
        summary(recent, from),
        DisplayTime.span(window).replace(" 0 min", "").replace(" 0 s", ""),
        status.closed() == null ? "" : status.closed(),
        lanes(recent, status, window, now),
        restarts(start, window),
        TimeAxis.ticks(start, window));
  }

  /** The shortest window that shows all recent batches, so that a single run is clearly visible. */
  private static Duration window(List<CatalogEntry> recent, OffsetDateTime now) {
    OffsetDateTime first =
        recent.stream().map(CatalogEntry::acceptedAt).min(OffsetDateTime::compareTo).orElse(now);
    return WINDOWS.stream()
        .filter(window -> now.minus(window).isBefore(first))
        .findFirst()
        .orElse(WINDOWS.get(WINDOWS.size() - 1));
  }

  private static boolean endedAfter(CatalogEntry entry, OffsetDateTime from) {
    return entry.summary().flatMap(s -> s.finishedAt()).filter(from::isBefore).isPresent();
  }

  private String summary(List<CatalogEntry> recent, OffsetDateTime from) {
    if (recent.isEmpty()) {
      return "No runs in the last " + HOURS + " hours; the queue is empty.";
    }
    int total = recent.stream().mapToInt(entry -> entry.total()).sum();
    int ended = recent.stream().mapToInt(CatalogEntry::ended).sum();
    int remaining =
        recent.stream()
            .filter(entry -> !entry.finished())
            .mapToInt(ActivityTimeline::remaining)
            .sum();
    List<String> parts = new ArrayList<>();
    parts.add(ended + " of " + total + " runs done");
    for (Outcome outcome : Outcome.values()) {
      int count = recent.stream().mapToInt(entry -> entry.count(outcome)).sum();
      if (outcome != Outcome.SUCCEEDED && count > 0) {
        parts.add(count + " " + outcome.value().replace('_', ' '));
      }
    }
    String outageTexts =
        outages.all().stream()
            .filter(o -> from.isBefore(o.seen()))
            .map(ActivityTimeline::describe)
            .limit(3)
            .collect(Collectors.joining("; "));
    String queued = remaining == 0 ? "none waiting" : remaining + " remaining";
    return String.join(", ", parts)
        + (outageTexts.isEmpty() ? "" : " (" + outageTexts + ")")
        + ", "
        + queued
        + ".";
  }

  private static int remaining(CatalogEntry entry) {
    return Math.max(0, entry.total() - entry.ended());
  }

  /** The end of an outage is unknown while no run waits for the target, since nothing probes it. */
  static String describe(Outage outage) {
    return outage.target()
        + " not ready "
        + DisplayTime.minutes(outage.from())
        + "–"
        + DisplayTime.minutes(outage.seen())
        + (outage.until().isPresent() ? "" : " (last asked)");
  }

  private List<Lane> lanes(
      List<CatalogEntry> recent, DaemonStatus status, Duration window, OffsetDateTime now)
      throws IOException {
    Map<String, List<TimelineRun>> byTarget = new TreeMap<>();
    for (CatalogEntry entry : recent.stream().limit(MAX_BATCHES).toList()) {
      runs(entry).forEach(r -> byTarget.computeIfAbsent(r.target(), t -> new ArrayList<>()).add(r));
    }
    for (DaemonStatus.Underway each : status.underway()) {
      context
          .batches()
          .find(Path.of(each.batchFolder()))
          .map(batch -> running(batch, each, now))
          .ifPresent(r -> byTarget.computeIfAbsent(r.target(), t -> new ArrayList<>()).add(r));
    }
    outages.all().forEach(o -> byTarget.computeIfAbsent(o.target(), t -> new ArrayList<>()));
    cache.keySet().retainAll(recent.stream().map(CatalogEntry::folder).collect(Collectors.toSet()));
    List<Lane> lanes = new ArrayList<>();
    byTarget.forEach((target, runs) -> lanes.add(lane(target, runs, window, now)));
    return lanes;
  }

  private Lane lane(String target, List<TimelineRun> runs, Duration window, OffsetDateTime now) {
    OffsetDateTime from = now.minus(window);
    List<TimelineRun> shown =
        runs.stream().filter(r -> r.until().isAfter(from)).limit(MAX_RUNS).toList();
    Map<String, Long> counts =
        shown.stream()
            .collect(
                Collectors.groupingBy(TimelineRun::outcome, TreeMap::new, Collectors.counting()));
    String description =
        target
            + ": "
            + counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().replace('_', ' '))
                .collect(Collectors.joining(", "));
    return new Lane(
        target,
        description,
        shown.stream().map(run -> bar(run, from, window)).toList(),
        outages.all().stream()
            .filter(o -> o.target().equals(target))
            .map(o -> period(o.from(), o.seen(), from, window, describe(o) + ": " + o.message()))
            .toList());
  }

  private static Bar bar(TimelineRun run, OffsetDateTime from, Duration window) {
    Period period = period(run.from(), run.until(), from, window, run.title());
    boolean isInset =
        run.outcome().equals(Outcome.SUCCEEDED.value()) || run.outcome().equals(RUNNING);
    return new Bar(
        run.href(),
        run.outcome(),
        period.x(),
        period.width(),
        isInset ? 6 : 3,
        isInset ? 14 : 20,
        run.title());
  }

  private static Period period(
      OffsetDateTime start,
      OffsetDateTime end,
      OffsetDateTime from,
      Duration window,
      String title) {
    double x = Math.max(0, x(start, from, window));
    double width = Math.max(MIN_WIDTH, x(end, from, window) - x);
    return new Period(text(Math.min(x, WIDTH - MIN_WIDTH)), text(width), title);
  }

  private static double x(OffsetDateTime moment, OffsetDateTime from, Duration window) {
    return WIDTH * Duration.between(from, moment).toMillis() / window.toMillis();
  }

  private static String text(double number) {
    // not String.format, which would take a sixth of the time to render the page
    return BigDecimal.valueOf(Math.round(number * 10), 1).toString();
  }

  private List<Period> restarts(OffsetDateTime from, Duration window) {
    return starts.stream()
        .filter(from::isBefore)
        .map(
            s ->
                new Period(text(x(s, from, window)), "1.5", "Caravan started " + DisplayTime.of(s)))
        .toList();
  }

  private List<TimelineRun> runs(CatalogEntry entry) throws IOException {
    CachedRuns cached = cache.get(entry.folder());
    if (cached == null || cached.ended() != entry.ended()) {
      List<ResultRow> rows = batches.rows(entry);
      Optional<Batch> batch = context.batches().find(entry.folder());
      List<TimelineRun> runs = new ArrayList<>();
      rows.stream()
          .filter(row -> !row.startedAt().isEmpty())
          .filter(row -> batch.isPresent() && batch.get().hasRun(row.runIndex()))
          .skip(Math.max(0, rows.size() - MAX_RUNS))
          .forEach(row -> runs.add(finished(batch.get(), row)));
      cached = new CachedRuns(entry.ended(), runs);
      cache.put(entry.folder(), cached);
    }
    return cached.runs();
  }

  private static TimelineRun finished(Batch batch, ResultRow row) {
    OffsetDateTime from = OffsetDateTime.parse(row.startedAt());
    long millis = (long) (1000 * row.metrics().get(Metric.DURATION).orElse(0));
    String outcome = row.outcome().value();
    String cause = row.cause().isEmpty() ? "" : ", " + row.cause();
    return new TimelineRun(
        Target.of(batch.sweep().url(row.runIndex())).toString(),
        RunLinks.run(batch.id(), row.runIndex()),
        outcome,
        from,
        from.plus(Duration.ofMillis(millis)),
        batch.run(row.runIndex()).id() + ": " + outcome + cause + ", " + DisplayTime.of(from));
  }

  private static TimelineRun running(Batch batch, DaemonStatus.Underway each, OffsetDateTime now) {
    return new TimelineRun(
        Target.of(batch.sweep().url(each.runIndex())).toString(),
        RunLinks.run(batch.id(), each.runIndex()),
        RUNNING,
        OffsetDateTime.parse(each.since()),
        now,
        each.run() + ": running");
  }
}
