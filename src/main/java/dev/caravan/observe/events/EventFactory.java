package dev.caravan.observe.events;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.changes.PipelineChange;
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
 * Builds events from changes to batches, runs, targets and workers. The same change to a batch or
 * run gives the same event, also when it is rebuilt from the results tree after a restart. No event
 * holds a secret: configs only name them, and aiperf's output is masked beforehand.
 */
final class EventFactory {

  private static final String URN_PREFIX = "caravan:";
  private static final int MAX_PROBLEMS = 20;

  private final Home home;
  private final String homeId;

  EventFactory(Home home, String homeId) {
    this.home = home;
    this.homeId = homeId;
  }

  Event accepted(Batch batch) {
    Map<String, Object> data = batchData(batch);
    data.put("runs", batch.size());
    data.put("sweeps", batch.record().sweeps());
    data.put("source_file", batch.record().sourceFile());
    data.put("submitted_by", batch.record().submittedBy());
    OffsetDateTime acceptedAt = OffsetDateTime.parse(batch.record().acceptedAt());
    return batchEvent(batch, EventType.BATCH_ACCEPTED, 1, acceptedAt, data);
  }

  Event refused(Claim claim, ConfigRefusedException refused) {
    List<String> problems = new ArrayList<>();
    refused.problems().stream().limit(MAX_PROBLEMS).map(EventFactory::text).forEach(problems::add);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("config", claim.name());
    data.put("problem_count", refused.problems().size());
    data.put("problems", problems);
    return homeEvent(
        EventType.CONFIG_REFUSED,
        claim.id() + ":" + EventType.CONFIG_REFUSED.shortName(),
        claim.name(),
        data);
  }

  private static String text(Problem problem) {
    return problem.line() + ": " + problem.path() + ": " + problem.message();
  }

  Event started(Run run, int attempt) {
    Map<String, Object> data = runData(run, attempt);
    return runEvent(run, EventType.RUN_STARTED, attempt, OffsetDateTime.now(), data);
  }

  Event retrying(Run run, Head head) {
    Map<String, Object> data = runData(run, head.attempt());
    data.put("outcome", head.status().value());
    data.put("cause", head.cause());
    data.put("reason", head.reasons().stream().findFirst().orElse(""));
    return runEvent(run, EventType.RUN_RETRYING, head.attempt(), head.endedAt(), data);
  }

  /**
   * A run reached its final outcome. {@code run.finished} comes last, as process_result.json does
   * in the tree: once it is published, so are the others.
   */
  List<Event> ended(Run run, ResultRow row) {
    return RunDeadLetters.isDeadLetter(row.outcome())
        ? List.of(deadLettered(run, row), finished(run, row))
        : List.of(finished(run, row));
  }

  private Event finished(Run run, ResultRow row) {
    return runEvent(run, EventType.RUN_FINISHED, row.attempt(), end(row), resultData(run, row));
  }

  private Event deadLettered(Run run, ResultRow row) {
    Map<String, Object> data = resultData(run, row);
    data.remove("metrics");
    data.put("letter", home.display(RunDeadLetters.file(home, run)));
    return runEvent(run, EventType.RUN_DEAD_LETTERED, row.attempt(), end(row), data);
  }

  /** {@code completion} counts from 1: a batch with retried runs finishes more than once. */
  Event finished(Batch batch, BatchSummary summary, int completion) {
    Map<String, Object> outcomes = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome.value(), summary.counters().of(outcome));
    }
    OffsetDateTime finishedAt = summary.finishedAt().orElseGet(OffsetDateTime::now);
    Map<String, Object> data = batchData(batch);
    data.put("runs", summary.total());
    data.put("completed", summary.counters().of(Outcome.Counts.COMPLETED));
    data.put("failed", summary.counters().of(Outcome.Counts.FAILED));
    data.put("neither", summary.counters().of(Outcome.Counts.NEITHER));
    data.put("outcomes", outcomes);
    data.put("seconds", Duration.between(summary.startedAt(), finishedAt).toMillis() / 1000.0);
    return batchEvent(batch, EventType.BATCH_FINISHED, completion, finishedAt, data);
  }

  Event parked(PipelineChange.LongOutage target) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("target", target.target());
    data.put("message", target.message());
    data.put("since", target.since());
    String id = target.target() + ":" + target.since() + ":" + EventType.TARGET_PARKED.shortName();
    return homeEvent(EventType.TARGET_PARKED, id, target.target(), data);
  }

  Event held(PipelineChange.LongRefusal batch) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("batch", batch.batch());
    data.put("folder", home.display(Path.of(batch.batchFolder())));
    data.put("target", batch.target());
    data.put("message", batch.message());
    data.put("since", batch.since());
    EventType type = EventType.BATCH_HELD;
    String id = batch.batch() + ":" + batch.target() + ":" + batch.since() + ":" + type.shortName();
    return new Event(type, source(""), id, batch.batch(), batch.batch(), now(), data);
  }

  Event diskLow(String message) {
    String id = now() + ":" + EventType.DISK_LOW.shortName();
    return homeEvent(EventType.DISK_LOW, id, "disk", Map.of("message", message));
  }

  Event worker(EventType type, String worker, Map<String, Object> details) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("worker", worker);
    data.putAll(details);
    String id = worker + ":" + now() + ":" + type.shortName();
    return homeEvent(type, id, worker, data);
  }

  private Event homeEvent(EventType type, String id, String subject, Map<String, Object> data) {
    return new Event(type, source(""), id, subject, "", now(), data);
  }

  private Event batchEvent(
      Batch batch, EventType type, int attempt, OffsetDateTime at, Map<String, Object> data) {
    return new Event(
        type, source(batch), id(batch.id(), attempt, type), batch.id(), batch.id(), at, data);
  }

  private Event runEvent(
      Run run, EventType type, int attempt, OffsetDateTime at, Map<String, Object> data) {
    Batch batch = run.batch();
    return new Event(
        type, source(batch), id(run.id(), attempt, type), run.id(), batch.id(), at, data);
  }

  static String id(String subject, int attempt, EventType type) {
    return subject + ":" + attempt + ":" + type.shortName();
  }

  private Map<String, Object> batchData(Batch batch) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("batch", batch.id());
    data.put("folder", home.display(batch.folder()));
    data.put("labels", batch.config().labels());
    return data;
  }

  private Map<String, Object> runData(Run run, int attempt) {
    Map<String, Object> data = batchData(run.batch());
    data.put("run", run.id());
    data.put("folder", home.display(run.folder()));
    data.put("run_index", run.index());
    data.put("runs", run.batch().size());
    data.put("attempt", attempt);
    data.put("sweep", run.sweepValues());
    return data;
  }

  private Map<String, Object> resultData(Run run, ResultRow row) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      row.metrics().get(metric).ifPresent(value -> metrics.put(metric.column(), value));
    }
    Map<String, Object> data = runData(run, row.attempt());
    data.put("outcome", row.outcome().value());
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

  /** Batches under different results roots may share an id, so the root is part of the source. */
  URI source(Batch batch) {
    Path results = batch.folder().getParent().getParent();
    return source(results == null ? "" : "/" + home.display(results));
  }

  private URI source(String path) {
    try {
      return new URI("urn", URN_PREFIX + homeId + path, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("any path can be part of a URN", e);
    }
  }
}
