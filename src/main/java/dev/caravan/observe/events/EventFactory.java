package dev.caravan.observe.events;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Claim;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.storage.Home;
import dev.caravan.storage.JsonTimes;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;

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
    BatchRecord record = batch.record();
    return batchEvent(
        batch,
        EventType.BATCH_ACCEPTED,
        1,
        OffsetDateTime.parse(record.acceptedAt()),
        new EventData.Accepted(
            of(batch), batch.size(), record.sweeps(), record.sourceFile(), record.submittedBy()));
  }

  Event refused(Claim claim, ConfigRefusedException refused) {
    List<String> problems =
        refused.problems().stream().limit(MAX_PROBLEMS).map(EventFactory::text).toList();
    return homeEvent(
        EventType.CONFIG_REFUSED,
        claim.id() + ":" + EventType.CONFIG_REFUSED.shortName(),
        claim.name(),
        new EventData.Refused(claim.name(), refused.problems().size(), problems));
  }

  private static String text(Problem problem) {
    String place = problem.option().isEmpty() ? problem.line() + "" : problem.option();
    return place + ": " + problem.path() + ": " + problem.message();
  }

  Event started(Run run, int attempt) {
    EventData data = new EventData.Started(of(run, attempt));
    return runEvent(run, EventType.RUN_STARTED, attempt, OffsetDateTime.now(), data);
  }

  Event retrying(Run run, Head head) {
    String reason = head.reasons().stream().findFirst().orElse("");
    EventData data =
        new EventData.Retrying(of(run, head.attempt()), head.status(), head.cause(), reason);
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
    EventData data =
        new EventData.Finished(
            of(run, row.attempt()),
            row.outcome(),
            row.cause(),
            row.reason(),
            row.startedAt(),
            row.checks(),
            row.metricsByColumn());
    return runEvent(run, EventType.RUN_FINISHED, row.attempt(), end(row), data);
  }

  private Event deadLettered(Run run, ResultRow row) {
    EventData data =
        new EventData.DeadLettered(
            of(run, row.attempt()),
            row.outcome(),
            row.cause(),
            row.reason(),
            row.startedAt(),
            home.display(RunDeadLetters.file(home, run)));
    return runEvent(run, EventType.RUN_DEAD_LETTERED, row.attempt(), end(row), data);
  }

  /** {@code completion} counts from 1: a batch with retried runs finishes more than once. */
  Event finished(Batch batch, BatchSummary summary, int completion) {
    OffsetDateTime finishedAt = summary.finishedAt().orElseGet(OffsetDateTime::now);
    EventData data =
        new EventData.BatchFinished(
            of(batch),
            summary.total(),
            summary.counters().of(Outcome.Counts.COMPLETED),
            summary.counters().of(Outcome.Counts.FAILED),
            summary.counters().of(Outcome.Counts.NEITHER),
            summary.counters(),
            JsonTimes.seconds(Duration.between(summary.startedAt(), finishedAt)),
            summary.search().map(SearchSummary::withoutLoads));
    return batchEvent(batch, EventType.BATCH_FINISHED, completion, finishedAt, data);
  }

  Event compared(PipelineChange.Compared compared) {
    Batch batch = compared.batch();
    EventData data = new EventData.Compared(of(batch), compared.verdict(), compared.sentence());
    return batchEvent(batch, EventType.BATCH_COMPARED, compared.completion(), now(), data);
  }

  Event parked(PipelineChange.LongOutage outage) {
    String id = outage.target() + ":" + outage.since() + ":" + EventType.TARGET_PARKED.shortName();
    EventData data = new EventData.Parked(outage.target(), outage.message(), outage.since());
    return homeEvent(EventType.TARGET_PARKED, id, outage.target(), data);
  }

  Event held(PipelineChange.LongRefusal batch) {
    EventType type = EventType.BATCH_HELD;
    String id = batch.batch() + ":" + batch.target() + ":" + batch.since() + ":" + type.shortName();
    EventData data =
        new EventData.Held(
            batch.batch(),
            home.display(Path.of(batch.batchFolder())),
            batch.target(),
            batch.message(),
            batch.since());
    return new Event(type, source(""), id, batch.batch(), batch.batch(), now(), data);
  }

  Event diskLow(String message) {
    String id = JsonTimes.text(now()) + ":" + EventType.DISK_LOW.shortName();
    return homeEvent(EventType.DISK_LOW, id, "disk", new EventData.DiskLow(message));
  }

  Event joined(PipelineChange.WorkerJoined joined) {
    EventData data = new EventData.WorkerJoined(joined.worker(), joined.pools());
    return workerEvent(EventType.WORKER_JOINED, joined.worker(), data);
  }

  Event lost(PipelineChange.WorkerLost lost) {
    EventData data = new EventData.WorkerLost(lost.worker(), lost.reason());
    return workerEvent(EventType.WORKER_LOST, lost.worker(), data);
  }

  private Event workerEvent(EventType type, String worker, EventData data) {
    String id = worker + ":" + JsonTimes.text(now()) + ":" + type.shortName();
    return homeEvent(type, id, worker, data);
  }

  private Event homeEvent(EventType type, String id, String subject, EventData data) {
    return new Event(type, source(""), id, subject, "", now(), data);
  }

  private Event batchEvent(
      Batch batch, EventType type, int attempt, OffsetDateTime at, EventData data) {
    return new Event(
        type, source(batch), id(batch.id(), attempt, type), batch.id(), batch.id(), at, data);
  }

  private Event runEvent(Run run, EventType type, int attempt, OffsetDateTime at, EventData data) {
    Batch batch = run.batch();
    return new Event(
        type, source(batch), id(run.id(), attempt, type), run.id(), batch.id(), at, data);
  }

  static String id(String subject, int attempt, EventType type) {
    return subject + ":" + attempt + ":" + type.shortName();
  }

  private EventData.OfBatch of(Batch batch) {
    return new EventData.OfBatch(batch.id(), home.display(batch.folder()), batch.config().labels());
  }

  private EventData.OfRun of(Run run, int attempt) {
    Batch batch = run.batch();
    return new EventData.OfRun(
        batch.id(),
        home.display(run.folder()),
        run.labels(),
        run.id(),
        run.index(),
        batch.size(),
        attempt,
        run.sweepValues(),
        run.place());
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
