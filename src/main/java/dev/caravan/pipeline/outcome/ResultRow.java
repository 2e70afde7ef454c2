package dev.caravan.pipeline.outcome;

import dev.caravan.config.Parameters;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.JsonTimes;
import dev.caravan.storage.RunFolder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One run in a batch's table of results.
 *
 * @param runIndex from 0
 * @param folder name of the run folder inside the batch folder; empty for a single run
 * @param place its place in the plan of the batch
 * @param sweep the sweep values, in the order of the batch's sweep keys
 * @param outcome how the run ended
 * @param cause the cause of a failure, such as {@code target_lost}; empty when there is none
 * @param reason the most important reason; empty when there is none, or the row was read from a
 *     file
 * @param attempt from 1
 * @param checks what the checks found
 * @param metrics what was measured
 * @param tokenizer the tokenizer in the config; empty when there is none
 * @param startedAt RFC 3339 with offset
 */
public record ResultRow(
    int runIndex,
    String folder,
    Place place,
    List<Object> sweep,
    Outcome outcome,
    String cause,
    String reason,
    int attempt,
    List<FoundCheck> checks,
    Metrics<Metric> metrics,
    String tokenizer,
    String startedAt) {

  /** Maximum length of a reason; a batch may keep 100,000 of them. */
  private static final int MAX_REASON = 200;

  public ResultRow {
    sweep = Collections.unmodifiableList(new ArrayList<>(sweep));
    checks = List.copyOf(checks);
  }

  /** The row of a run by its files; empty unless they say that it is done. */
  public static Optional<ResultRow> read(Run run) {
    return ProcessResult.head(new RunFolder(run.folder()).processResult())
        .filter(ProcessResult.Head::isFinal)
        .map(head -> of(run, head, AiperfExport.read(run.folder()).export()));
  }

  /**
   * The row of a run that ended.
   *
   * @param export aiperf's summary, if there is one
   */
  public static ResultRow of(Run run, ProcessResult.Head head, Optional<AiperfExport> export) {
    return of(
        run.index(),
        run.folderName(),
        run.place(),
        run.sweepValues(),
        run.parameters(),
        head,
        export);
  }

  /**
   * The row of a run that ended.
   *
   * @param sweep value by sweep key, in the order of the batch's sweep keys
   * @param merged the run's parameters
   * @param export aiperf's summary, if there is one
   */
  static ResultRow of(
      int runIndex,
      String folder,
      Place place,
      Map<String, Object> sweep,
      Parameters merged,
      ProcessResult.Head head,
      Optional<AiperfExport> export) {
    RunEnd end = RunEnd.of(head);
    return new ResultRow(
        runIndex,
        folder,
        place,
        new ArrayList<>(sweep.values()),
        end.outcome(),
        head.cause(),
        line(end.reason()),
        end.attempt(),
        end.checks(),
        new Metrics<>(Metric.class, metric -> value(metric, merged, head, export)),
        merged.tokenizer().orElse(""),
        JsonTimes.text(head.startedAt()));
  }

  /** The metrics that have a value, by their columns. */
  public Map<String, Double> metricsByColumn() {
    Map<String, Double> byColumn = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      metrics.get(metric).ifPresent(value -> byColumn.put(metric.column(), value));
    }
    return byColumn;
  }

  /** The value of the metric of a column. */
  public OptionalDouble metric(String column) {
    return Metric.find(column).map(metrics::get).orElse(OptionalDouble.empty());
  }

  /** What the checks found, as far as the table keeps it. */
  public CheckResults checkResults() {
    return new CheckResults(
        checks.stream().map(FoundCheck::finding).toList(),
        List.of(),
        Map.of(),
        Metric.statistics(metrics));
  }

  /** The same row with these findings. */
  public ResultRow withChecks(List<FoundCheck> found) {
    return with(reason, found);
  }

  /** Whether the files of its run hold more than a table keeps. */
  public boolean hasMoreInFolder() {
    return outcome != Outcome.SUCCEEDED
        || checks.stream().anyMatch(check -> check.level() != Level.NOTE);
  }

  /**
   * A copy completed from the files of its run; the same row if the run no longer ended like this.
   */
  public ResultRow completedBy(Run run) {
    return RunEnd.read(run)
        .filter(end -> end.outcome() == outcome && end.attempt() == attempt)
        .map(end -> with(line(end.reason()), end.checks()))
        .orElse(this);
  }

  private static String line(Optional<String> reason) {
    return reason.map(text -> OneLine.line(text, MAX_REASON)).orElse("");
  }

  private ResultRow with(String newReason, List<FoundCheck> found) {
    return new ResultRow(
        runIndex, folder, place, sweep, outcome, cause, newReason, attempt, found, metrics,
        tokenizer, startedAt);
  }

  private static OptionalDouble value(
      Metric metric, Parameters merged, ProcessResult.Head head, Optional<AiperfExport> export) {
    return switch (metric) {
      case DURATION -> OptionalDouble.of(JsonTimes.seconds(head.duration()));
      case OSL_REQUESTED -> merged.requestedTokens();
      default ->
          export.map(summary -> metric.from(summary, head.checks())).orElse(OptionalDouble.empty());
    };
  }
}
