package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.http.BatchCatalog.Listed;
import dev.caravan.observe.http.Outages.Outage;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The last hours at a glance: a sentence, and a lane for each target. */
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
  private static final int MOST_BATCHES = 60;
  private static final int MOST_RUNS = 3000;
  private static final double WIDTH = 1000;
  private static final double THINNEST = 1.5;

  /** A run in its lane; x and width in thousandths of the window. */
  public record Bar(
      String href, String outcome, String x, String width, int y, int height, String message) {}

  /** A stretch of time in a lane. */
  public record Stretch(String x, String width, String message) {}

  /** What happened on one target. */
  public record Lane(String target, String message, List<Bar> runs, List<Stretch> parked) {}

  private record Cached(int ended, List<Placed> runs) {}

  private record Placed(
      String target,
      String href,
      String outcome,
      OffsetDateTime from,
      OffsetDateTime until,
      String message) {}

  private final WebContext place;
  private final BatchCatalog batchCatalog;
  private final BatchApi batches;
  private final Outages outages;
  private final List<OffsetDateTime> starts;
  private final Map<Path, Cached> cache = new LinkedHashMap<>();

  ActivityTimeline(
      WebContext place,
      BatchCatalog batchCatalog,
      BatchApi batches,
      Outages outages,
      List<OffsetDateTime> starts) {
    this.place = place;
    this.batchCatalog = batchCatalog;
    this.batches = batches;
    this.outages = outages;
    this.starts = starts;
  }

  /** What the template shows. */
  synchronized Map<String, Object> view() throws IOException {
    OffsetDateTime now = OffsetDateTime.now();
    OffsetDateTime from = now.minusHours(HOURS);
    List<Listed> recent =
        batchCatalog.all().stream().filter(l -> !l.finished() || endedAfter(l, from)).toList();
    DaemonStatus status = place.status().get();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("sentence", sentence(recent, from));
    Duration window = window(recent, now);
    OffsetDateTime begin = now.minus(window);
    view.put("window", DisplayTime.span(window).replace(" 0 min", "").replace(" 0 s", ""));
    view.put("closed", status.closed() == null ? "" : status.closed());
    view.put("lanes", lanes(recent, status, window, now));
    view.put("restarts", restarts(begin, window));
    view.put("ticks", TimeAxis.of(begin, window));
    return view;
  }

  /** The shortest that shows all of it, so that a first run is more than a stroke. */
  private static Duration window(List<Listed> recent, OffsetDateTime now) {
    OffsetDateTime first =
        recent.stream().map(Listed::acceptedAt).min(OffsetDateTime::compareTo).orElse(now);
    return WINDOWS.stream()
        .filter(window -> now.minus(window).isBefore(first))
        .findFirst()
        .orElse(WINDOWS.get(WINDOWS.size() - 1));
  }

  private static boolean endedAfter(Listed listed, OffsetDateTime from) {
    return listed.summary().flatMap(s -> s.finishedAt()).filter(from::isBefore).isPresent();
  }

  private String sentence(List<Listed> recent, OffsetDateTime from) {
    if (recent.isEmpty()) {
      return "Nothing was run in the last " + HOURS + " hours, and nothing waits.";
    }
    int total = recent.stream().mapToInt(l -> l.record().runs()).sum();
    int ended = recent.stream().mapToInt(Listed::ended).sum();
    int open = recent.stream().filter(l -> !l.finished()).mapToInt(ActivityTimeline::left).sum();
    List<String> parts = new ArrayList<>();
    parts.add(ended + " of " + total + " runs done");
    for (Outcome outcome : Outcome.values()) {
      int count = recent.stream().mapToInt(l -> l.count(outcome)).sum();
      if (outcome != Outcome.SUCCEEDED && count > 0) {
        parts.add(count + " " + outcome.value().replace('_', ' '));
      }
    }
    String out =
        outages.all().stream()
            .filter(o -> o.until().map(from::isBefore).orElse(true))
            .map(ActivityTimeline::message)
            .limit(3)
            .collect(Collectors.joining("; "));
    String waiting = open == 0 ? "nothing waiting" : open + " to go";
    return String.join(", ", parts)
        + (out.isEmpty() ? "" : " (" + out + ")")
        + ", "
        + waiting
        + ".";
  }

  private static int left(Listed listed) {
    return Math.max(0, listed.record().runs() - listed.ended());
  }

  private static String message(Outage outage) {
    return outage.target()
        + " not ready "
        + DisplayTime.minutes(outage.from())
        + "–"
        + outage.until().map(DisplayTime::minutes).orElse("now");
  }

  private List<Lane> lanes(
      List<Listed> recent, DaemonStatus status, Duration window, OffsetDateTime now)
      throws IOException {
    Map<String, List<Placed>> byTarget = new TreeMap<>();
    for (Listed listed : recent.stream().limit(MOST_BATCHES).toList()) {
      runs(listed)
          .forEach(r -> byTarget.computeIfAbsent(r.target(), t -> new ArrayList<>()).add(r));
    }
    for (DaemonStatus.Underway each : status.underway()) {
      Batch batch = place.batches().load(Path.of(each.batchFolder()));
      Placed running = running(batch, each, now);
      byTarget.computeIfAbsent(running.target(), t -> new ArrayList<>()).add(running);
    }
    outages.all().forEach(o -> byTarget.computeIfAbsent(o.target(), t -> new ArrayList<>()));
    cache.keySet().retainAll(recent.stream().map(Listed::folder).collect(Collectors.toSet()));
    List<Lane> lanes = new ArrayList<>();
    byTarget.forEach((target, runs) -> lanes.add(lane(target, runs, window, now)));
    return lanes;
  }

  private Lane lane(String target, List<Placed> runs, Duration window, OffsetDateTime now) {
    OffsetDateTime from = now.minus(window);
    List<Placed> shown =
        runs.stream().filter(r -> r.until().isAfter(from)).limit(MOST_RUNS).toList();
    Map<String, Long> counts =
        shown.stream()
            .collect(Collectors.groupingBy(Placed::outcome, TreeMap::new, Collectors.counting()));
    String message =
        target
            + ": "
            + counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey().replace('_', ' '))
                .collect(Collectors.joining(", "));
    return new Lane(
        target,
        message,
        shown.stream().map(run -> bar(run, from, window)).toList(),
        outages.all().stream()
            .filter(o -> o.target().equals(target))
            .map(
                o ->
                    stretch(
                        o.from(),
                        o.until().orElse(now),
                        from,
                        window,
                        message(o) + ": " + o.message()))
            .toList());
  }

  private static Bar bar(Placed run, OffsetDateTime from, Duration window) {
    Stretch at = stretch(run.from(), run.until(), from, window, run.message());
    boolean whole = run.outcome().equals("succeeded") || run.outcome().equals("running");
    return new Bar(
        run.href(),
        run.outcome(),
        at.x(),
        at.width(),
        whole ? 6 : 3,
        whole ? 14 : 20,
        run.message());
  }

  private static Stretch stretch(
      OffsetDateTime begin,
      OffsetDateTime end,
      OffsetDateTime from,
      Duration window,
      String message) {
    double x = Math.max(0, x(begin, from, window));
    double width = Math.max(THINNEST, x(end, from, window) - x);
    return new Stretch(text(Math.min(x, WIDTH - THINNEST)), text(width), message);
  }

  private static double x(OffsetDateTime moment, OffsetDateTime from, Duration window) {
    return WIDTH * Duration.between(from, moment).toMillis() / window.toMillis();
  }

  private static String text(double number) {
    return BigDecimal.valueOf(Math.round(number * 10), 1)
        .toString(); // String.format: a sixth of the page
  }

  private List<Stretch> restarts(OffsetDateTime from, Duration window) {
    return starts.stream()
        .filter(from::isBefore)
        .map(
            s ->
                new Stretch(
                    text(x(s, from, window)), "1.5", "Caravan started " + DisplayTime.of(s)))
        .toList();
  }

  private List<Placed> runs(Listed listed) throws IOException {
    Cached cached = cache.get(listed.folder());
    if (cached == null || cached.ended() != listed.ended()) {
      List<ResultRow> rows = batches.rows(listed);
      Batch batch = place.batches().load(listed.folder());
      List<Placed> runs = new ArrayList<>();
      rows.stream()
          .filter(row -> !row.startedAt().isEmpty() && row.runIndex() < batch.size())
          .skip(Math.max(0, rows.size() - MOST_RUNS))
          .forEach(row -> runs.add(placed(batch, row)));
      cached = new Cached(listed.ended(), runs);
      cache.put(listed.folder(), cached);
    }
    return cached.runs();
  }

  private static Placed placed(Batch batch, ResultRow row) {
    OffsetDateTime from = OffsetDateTime.parse(row.startedAt());
    long millis = (long) (1000 * row.measures().get(Metric.DURATION).orElse(0));
    String word = row.outcome().value();
    String cause = row.cause().isEmpty() ? "" : ", " + row.cause();
    return new Placed(
        Target.of(batch.sweep().url(row.runIndex())).toString(),
        RunLinks.run(batch.id(), row.runIndex()),
        word,
        from,
        from.plus(Duration.ofMillis(millis)),
        batch.run(row.runIndex()).id() + ": " + word + cause + ", " + DisplayTime.of(from));
  }

  private static Placed running(Batch batch, DaemonStatus.Underway each, OffsetDateTime now) {
    return new Placed(
        Target.of(batch.sweep().url(each.runIndex())).toString(),
        RunLinks.run(batch.id(), each.runIndex()),
        "running",
        OffsetDateTime.parse(each.since()),
        now,
        each.run() + ": running");
  }
}
