package dev.caravan.observe.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.caravan.config.Slo;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.dispatch.ControlPreconditions;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FoundCheck;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.SloResult;
import dev.caravan.pipeline.outcome.SloSummary;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.storage.JsonTimes;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON objects that several answers of the API have. */
final class ApiModels {

  private ApiModels() {}

  /** A page of a list of batches. */
  record Batches(int total, List<Batch> batches) {}

  /** A batch with the results of its ended runs, and why no run of it starts now. */
  record BatchWithRuns(
      @JsonUnwrapped Batch batch,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<BatchVerdict> comparison,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> waiting,
      List<Row> runs) {}

  /** A batch; {@code sweeps} has the number of values by key. */
  record Batch(
      String id,
      String href,
      String acceptedAt,
      Optional<OffsetDateTime> finishedAt,
      String sourceFile,
      String submittedBy,
      Map<String, String> labels,
      List<String> overrides,
      Map<String, Integer> sweeps,
      int total,
      Map<Outcome, Integer> outcomes,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SloSummary> slo,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SearchSummary> search) {

    static Batch of(CatalogEntry batch) {
      Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        outcomes.put(outcome, batch.count(outcome));
      }
      return new Batch(
          batch.id(),
          "/api/v1/batches/" + UrlPaths.path(batch.id()),
          batch.record().acceptedAt(),
          batch.summary().flatMap(BatchSummary::finishedAt),
          batch.record().sourceFile(),
          batch.record().submittedBy(),
          batch.record().labels(),
          batch.record().overrides().options(),
          batch.record().sweeps(),
          batch.total(),
          outcomes,
          batch.summary().flatMap(BatchSummary::slo),
          batch.summary().flatMap(BatchSummary::search));
    }
  }

  /** The results of a run that has ended, as in results.csv. */
  record Row(
      int runIndex,
      String folder,
      Map<String, Object> sweepParams,
      @JsonUnwrapped Place place,
      Outcome outcome,
      String cause,
      String reason,
      List<FoundCheck> checks,
      int attempt,
      String startedAt,
      Map<String, Double> metrics,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SloResult.State> slo) {

    static Row of(List<String> keys, List<Slo> bounds, ResultRow row) {
      Map<String, Object> sweep = new LinkedHashMap<>();
      for (int i = 0; i < Math.min(keys.size(), row.sweep().size()); i++) {
        sweep.put(keys.get(i), row.sweep().get(i));
      }
      return new Row(
          row.runIndex(),
          row.folder(),
          sweep,
          row.place(),
          row.outcome(),
          row.cause(),
          row.reason(),
          row.checks(),
          row.attempt(),
          row.startedAt(),
          row.metricsByColumn(),
          bounds.isEmpty() ? Optional.empty() : Optional.of(SloResult.of(bounds, row).state()));
    }
  }

  /**
   * A run; {@code parameters} are all of its settings, {@code state} is its outcome, {@code
   * running} or {@code waiting}.
   */
  record Run(
      String id,
      int runIndex,
      String folder,
      Map<String, Object> sweepParams,
      Map<String, Object> parameters,
      @JsonUnwrapped Place place,
      String state,
      Optional<String> since,
      String cause,
      List<String> reasons,
      List<Finding> checks,
      Map<String, String> unchecked,
      int attempt,
      Optional<OffsetDateTime> startedAt,
      Optional<OffsetDateTime> endedAt) {

    static Run of(dev.caravan.model.Run run, Optional<DaemonStatus.Underway> underway) {
      Optional<Head> end = ControlPreconditions.finalResult(run);
      CheckResults checks = end.map(Head::checks).orElse(CheckResults.NONE);
      String state = underway.isPresent() ? "running" : "waiting";
      return new Run(
          run.id(),
          run.index(),
          run.folderName(),
          run.sweepValues(),
          run.parameters().values(),
          run.place(),
          end.map(e -> e.status().value()).orElse(state),
          underway.map(DaemonStatus.Underway::since),
          end.map(Head::cause).orElse(""),
          end.map(Head::reasons).orElse(List.of()),
          checks.findings(),
          checks.unchecked(),
          end.map(Head::attempt).orElse(0),
          end.map(Head::startedAt),
          end.map(Head::endedAt));
    }
  }

  /** A worker of a hub. */
  record Worker(@JsonUnwrapped WorkerView worker, double lastSeenSecondsAgo) {

    static Worker of(WorkerView worker) {
      return new Worker(worker, JsonTimes.seconds(worker.sinceLastSeen()));
    }
  }
}
