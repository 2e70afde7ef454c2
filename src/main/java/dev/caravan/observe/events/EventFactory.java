package dev.caravan.observe.events;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.storage.Home;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Words what happened as events. The same change gives the same event, in whatever life it is told.
 * Keys are in none: configs name them, and what aiperf said was masked before it came here.
 */
final class EventFactory {

  private static final String URN = "caravan:";
  private static final int PROBLEMS = 20;

  private final Home home;
  private final String homeId;

  EventFactory(Home home, String homeId) {
    this.home = home;
    this.homeId = homeId;
  }

  Event accepted(Batch batch) {
    Map<String, Object> data = of(batch);
    data.put("runs", batch.size());
    data.put("sweeps", batch.record().sweeps());
    data.put("source_file", batch.record().sourceFile());
    data.put("submitted_by", batch.record().submittedBy());
    OffsetDateTime at = OffsetDateTime.parse(batch.record().acceptedAt());
    return about(batch, EventType.BATCH_ACCEPTED, 1, at, data);
  }

  Event refused(Claim claim, ConfigRefusedException refused) {
    List<String> problems = new ArrayList<>();
    refused.problems().stream().limit(PROBLEMS).map(EventFactory::message).forEach(problems::add);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("config", claim.name());
    data.put("problem_count", refused.problems().size());
    data.put("problems", problems);
    return ofHome(
        EventType.CONFIG_REFUSED,
        claim.id() + ":" + EventType.CONFIG_REFUSED.word(),
        claim.name(),
        data);
  }

  private static String message(Problem problem) {
    return problem.line() + ": " + problem.path() + ": " + problem.message();
  }

  Event started(Run run, int attempt) {
    Map<String, Object> data = of(run, attempt);
    return about(run, EventType.RUN_STARTED, attempt, OffsetDateTime.now(), data);
  }

  Event retrying(Run run, Head head) {
    Map<String, Object> data = of(run, head.attempt());
    data.put("outcome", head.status().word());
    data.put("cause", head.cause());
    data.put("reason", head.reasons().stream().findFirst().orElse(""));
    return about(run, EventType.RUN_RETRYING, head.attempt(), head.endedAt(), data);
  }

  /**
   * A run ended for good. The end comes last, as it does in the tree: where it was told, all was.
   */
  List<Event> ended(Run run, ResultRow row) {
    return RunDeadLetters.isDeadLetter(row.outcome())
        ? List.of(deadLettered(run, row), finished(run, row))
        : List.of(finished(run, row));
  }

  private Event finished(Run run, ResultRow row) {
    return about(run, EventType.RUN_FINISHED, row.attempt(), end(row), result(run, row));
  }

  private Event deadLettered(Run run, ResultRow row) {
    Map<String, Object> data = result(run, row);
    data.remove("metrics");
    data.put("letter", home.shown(RunDeadLetters.file(home, run)));
    return about(run, EventType.RUN_DEAD_LETTERED, row.attempt(), end(row), data);
  }

  Event finished(Batch batch, BatchSummary summary, int time) {
    Map<String, Object> outcomes = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome.word(), summary.counters().of(outcome));
    }
    OffsetDateTime at = summary.finishedAt().orElseGet(OffsetDateTime::now);
    Map<String, Object> data = of(batch);
    data.put("runs", summary.total());
    data.put("completed", summary.counters().of(Outcome.Counts.COMPLETED));
    data.put("failed", summary.counters().of(Outcome.Counts.FAILED));
    data.put("neither", summary.counters().of(Outcome.Counts.NEITHER));
    data.put("outcomes", outcomes);
    data.put("seconds", Duration.between(summary.startedAt(), at).toMillis() / 1000.0);
    return about(batch, EventType.BATCH_FINISHED, time, at, data);
  }

  Event parked(DaemonStatus.Parked target) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("target", target.target());
    data.put("message", target.message());
    data.put("since", target.since());
    String id = target.target() + ":" + target.since() + ":" + EventType.TARGET_PARKED.word();
    return ofHome(EventType.TARGET_PARKED, id, target.target(), data);
  }

  Event diskLow(String message) {
    String id = now() + ":" + EventType.DISK_LOW.word();
    return ofHome(EventType.DISK_LOW, id, "disk", Map.of("message", message));
  }

  Event worker(EventType kind, String worker, Map<String, Object> more) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("worker", worker);
    data.putAll(more);
    String id = worker + ":" + now() + ":" + kind.word();
    return ofHome(kind, id, worker, data);
  }

  private Event ofHome(EventType kind, String id, String subject, Map<String, Object> data) {
    return new Event(kind, source(""), id, subject, "", now(), data);
  }

  private Event about(
      Batch batch, EventType kind, int attempt, OffsetDateTime at, Map<String, Object> data) {
    return new Event(
        kind, source(batch), id(batch.id(), attempt, kind), batch.id(), batch.id(), at, data);
  }

  private Event about(
      Run run, EventType kind, int attempt, OffsetDateTime at, Map<String, Object> d) {
    Batch batch = run.batch();
    return new Event(kind, source(batch), id(run.id(), attempt, kind), run.id(), batch.id(), at, d);
  }

  static String id(String of, int attempt, EventType kind) {
    return of + ":" + attempt + ":" + kind.word();
  }

  private Map<String, Object> of(Batch batch) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("batch", batch.id());
    data.put("folder", home.shown(batch.folder()));
    data.put("labels", batch.config().labels());
    return data;
  }

  private Map<String, Object> of(Run run, int attempt) {
    Map<String, Object> data = of(run.batch());
    data.put("run", run.id());
    data.put("folder", home.shown(run.folder()));
    data.put("run_index", run.index());
    data.put("runs", run.batch().size());
    data.put("attempt", attempt);
    data.put("sweep", run.sweepValues());
    return data;
  }

  private Map<String, Object> result(Run run, ResultRow row) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (Metric measure : Metric.values()) {
      row.metrics().get(measure).ifPresent(value -> metrics.put(measure.column(), value));
    }
    Map<String, Object> data = of(run, row.attempt());
    data.put("outcome", row.outcome().word());
    data.put("cause", row.cause());
    data.put("reason", row.reason());
    data.put("started_at", row.startedAt());
    data.put("metrics", metrics);
    return data;
  }

  private static OffsetDateTime end(ResultRow row) {
    double seconds = row.metrics().get(Metric.DURATION).orElse(0);
    return OffsetDateTime.parse(row.startedAt()).plus(Duration.ofMillis(Math.round(seconds * 1e3)));
  }

  private static OffsetDateTime now() {
    return OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Batches below different results folders may have one id. */
  URI source(Batch batch) {
    Path results = batch.folder().getParent().getParent();
    return source(results == null ? "" : "/" + home.shown(results));
  }

  private URI source(String place) {
    try {
      return new URI("urn", URN + homeId + place, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("every path can be written in a URN", e);
    }
  }
}
