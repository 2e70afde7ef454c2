package dev.caravan.observe.http;

import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.observe.http.BatchCatalog.Listed;
import dev.caravan.observe.report.QueueEntry;
import dev.caravan.pipeline.dispatch.ControlPreconditions;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API's JSON looks like. */
final class ApiModels {

  private ApiModels() {}

  static Map<String, Object> batch(Listed batch) {
    Map<String, Object> shape = new LinkedHashMap<>();
    shape.put("id", batch.id());
    shape.put("href", "/api/v1/batches/" + path(batch.id()));
    shape.put("accepted_at", batch.record().acceptedAt());
    shape.put("finished_at", time(batch.summary().flatMap(BatchSummary::finishedAt)));
    shape.put("source_file", batch.record().sourceFile());
    shape.put("submitted_by", batch.record().submittedBy());
    shape.put("labels", batch.record().labels());
    shape.put("sweeps", batch.record().sweeps());
    shape.put("total", batch.record().runs());
    Map<String, Object> outcomes = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome.value(), batch.count(outcome));
    }
    shape.put("outcomes", outcomes);
    return shape;
  }

  static Map<String, Object> row(List<String> keys, ResultRow row) {
    Map<String, Object> shape = new LinkedHashMap<>();
    shape.put("run_index", row.runIndex());
    shape.put("folder", row.folder());
    Map<String, Object> sweep = new LinkedHashMap<>();
    for (int at = 0; at < Math.min(keys.size(), row.sweep().size()); at++) {
      sweep.put(keys.get(at), row.sweep().get(at));
    }
    shape.put("sweep_params", sweep);
    shape.put("outcome", row.outcome().value());
    shape.put("cause", row.cause());
    shape.put("reason", row.reason());
    shape.put("attempt", row.attempt());
    shape.put("started_at", row.startedAt());
    Map<String, Object> figures = new LinkedHashMap<>();
    for (Metric measure : Metric.values()) {
      row.measures().get(measure).ifPresent(value -> figures.put(measure.column(), value));
    }
    shape.put("figures", figures);
    return shape;
  }

  static Map<String, Object> run(Run run, Optional<DaemonStatus.Underway> underway) {
    Map<String, Object> shape = new LinkedHashMap<>();
    shape.put("id", run.id());
    shape.put("run_index", run.index());
    shape.put("folder", run.folderName());
    shape.put("sweep_params", run.sweepValues());
    Optional<Head> end = ControlPreconditions.finalResult(run);
    String state = underway.isPresent() ? "running" : "waiting";
    shape.put("state", end.map(e -> e.status().value()).orElse(state));
    shape.put("since", underway.map(DaemonStatus.Underway::since).orElse(null));
    shape.put("cause", end.map(Head::cause).orElse(""));
    shape.put("reasons", end.map(Head::reasons).orElse(List.of()));
    shape.put("attempt", end.map(Head::attempt).orElse(0));
    shape.put("started_at", end.map(Head::startedAt).map(OffsetDateTime::toString).orElse(null));
    shape.put("ended_at", end.map(Head::endedAt).map(OffsetDateTime::toString).orElse(null));
    return shape;
  }

  static Map<String, Object> entry(QueueEntry entry) {
    Map<String, Object> shape = new LinkedHashMap<>();
    shape.put("batch", entry.id());
    shape.put("folder", entry.folder());
    shape.put("state", entry.state());
    shape.put("message", entry.message());
    shape.put("total", entry.total());
    shape.put("done", entry.done());
    shape.put("failed", entry.failed());
    shape.put("expected_start", time(entry.start()));
    shape.put("expected_end", time(entry.end()));
    return shape;
  }

  /** A batch's id as a part of a path. */
  static String path(String id) {
    return UrlPaths.path(id);
  }

  private static String time(Optional<OffsetDateTime> moment) {
    return moment.map(OffsetDateTime::toString).orElse(null);
  }

  static Map<String, Object> worker(WorkerView worker) {
    Map<String, Object> shape = new LinkedHashMap<>();
    shape.put("id", worker.id());
    shape.put("host", worker.host());
    shape.put("pools", worker.pools());
    shape.put("slots", worker.slots());
    shape.put("aiperf", worker.aiperf());
    shape.put("runs", worker.runs());
    shape.put("heard_at", worker.heardAt());
    shape.put("heard_seconds_ago", worker.silence().toMillis() / 1000.0);
    return shape;
  }
}
