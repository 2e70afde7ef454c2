package dev.caravan.observe.http;

import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.pipeline.dispatch.ControlPreconditions;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FoundCheck;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the JSON objects of the API. */
final class ApiModels {

  private ApiModels() {}

  static Map<String, Object> batch(CatalogEntry batch) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", batch.id());
    json.put("href", "/api/v1/batches/" + path(batch.id()));
    json.put("accepted_at", batch.record().acceptedAt());
    json.put("finished_at", time(batch.summary().flatMap(BatchSummary::finishedAt)));
    json.put("source_file", batch.record().sourceFile());
    json.put("submitted_by", batch.record().submittedBy());
    json.put("labels", batch.record().labels());
    json.put("sweeps", batch.record().sweeps());
    json.put("total", batch.record().runs());
    Map<String, Object> outcomes = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome.value(), batch.count(outcome));
    }
    json.put("outcomes", outcomes);
    return json;
  }

  static Map<String, Object> row(List<String> keys, ResultRow row) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("run_index", row.runIndex());
    json.put("folder", row.folder());
    Map<String, Object> sweep = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(keys.size(), row.sweep().size()); i++) {
      sweep.put(keys.get(i), row.sweep().get(i));
    }
    json.put("sweep_params", sweep);
    json.put("outcome", row.outcome().value());
    json.put("cause", row.cause());
    json.put("reason", row.reason());
    json.put("checks", row.checks().stream().map(ApiModels::check).toList());
    json.put("attempt", row.attempt());
    json.put("started_at", row.startedAt());
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      row.metrics().get(metric).ifPresent(value -> metrics.put(metric.column(), value));
    }
    json.put("metrics", metrics);
    return json;
  }

  private static Map<String, Object> check(FoundCheck check) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", check.id());
    json.put("level", check.level().value());
    json.put("message", check.message());
    return json;
  }

  static Map<String, Object> run(Run run, Optional<DaemonStatus.Underway> underway) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", run.id());
    json.put("run_index", run.index());
    json.put("folder", run.folderName());
    json.put("sweep_params", run.sweepValues());
    Optional<Head> end = ControlPreconditions.finalResult(run);
    String state = underway.isPresent() ? "running" : "waiting";
    json.put("state", end.map(e -> e.status().value()).orElse(state));
    json.put("since", underway.map(DaemonStatus.Underway::since).orElse(null));
    json.put("cause", end.map(Head::cause).orElse(""));
    json.put("reasons", end.map(Head::reasons).orElse(List.of()));
    json.put("attempt", end.map(Head::attempt).orElse(0));
    json.put("started_at", end.map(Head::startedAt).map(OffsetDateTime::toString).orElse(null));
    json.put("ended_at", end.map(Head::endedAt).map(OffsetDateTime::toString).orElse(null));
    return json;
  }

  /** A batch id, percent-encoded for a URL path. */
  static String path(String id) {
    return UrlPaths.path(id);
  }

  private static String time(Optional<OffsetDateTime> moment) {
    return moment.map(OffsetDateTime::toString).orElse(null);
  }

  static Map<String, Object> worker(WorkerView worker) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", worker.id());
    json.put("host", worker.host());
    json.put("pools", worker.pools());
    json.put("slots", worker.slots());
    json.put("aiperf", worker.aiperf());
    json.put("runs", worker.runs());
    json.put("last_seen_at", worker.lastSeenAt());
    json.put("last_seen_seconds_ago", worker.sinceLastSeen().toMillis() / 1000.0);
    return json;
  }
}
