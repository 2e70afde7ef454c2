package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.FoundCheck;
import dev.caravan.pipeline.outcome.Metrics;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One run of a batch in a report, whether it has ended or not.
 *
 * @param index from 0
 * @param folder name of its folder in the batch folder; empty without sweeps
 * @param place its place in the plan of the batch
 * @param values its sweep values, in the order of the batch's keys
 * @param state its outcome, or {@link #RUNNING}, or {@link #PENDING}
 * @param cause its failure's {@link dev.caravan.model.Cause}; empty when there is none
 * @param reason the main reason for its outcome; empty when there is none
 * @param attempt from 1; 0 before it starts
 * @param startedAt RFC 3339; empty before it starts
 * @param checks what the checks found
 * @param metrics its metrics; a failed run may have some too
 * @param repeats the runs that it stands for, with the mean as its metrics; empty for a single run
 */
public record Point(
    int index,
    String folder,
    Place place,
    List<Object> values,
    String state,
    String cause,
    String reason,
    int attempt,
    String startedAt,
    CheckResults checks,
    Metrics<ReportMetric> metrics,
    Optional<RepeatSpread> repeats) {

  /** State of a run that has started but not ended. */
  public static final String RUNNING = "running";

  /** State of a run that has not started, or waits for its next attempt. */
  public static final String PENDING = "pending";

  /** A single run. */
  public Point(
      int index,
      String folder,
      Place place,
      List<Object> values,
      String state,
      String cause,
      String reason,
      int attempt,
      String startedAt,
      CheckResults checks,
      Metrics<ReportMetric> metrics) {
    this(
        index,
        folder,
        place,
        values,
        state,
        cause,
        reason,
        attempt,
        startedAt,
        checks,
        metrics,
        Optional.empty());
  }

  public Point {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** Whether it completed, fully or degraded, so that plots can show its metrics. */
  public boolean completed() {
    return ended(Outcome::isCompleted);
  }

  /** Whether it has numbers, whatever they are worth. */
  boolean hasNumbers() {
    return ended(Outcome::hasNumbers);
  }

  private boolean ended(Predicate<Outcome> how) {
    return Stream.of(Outcome.values()).filter(how).anyMatch(each -> each.value().equals(state));
  }

  /** Whether it completed undisturbed, so that its numbers count. */
  public boolean succeeded() {
    return state.equals(Outcome.SUCCEEDED.value());
  }

  /** Whether it completed with the outcome degraded. */
  public boolean degraded() {
    return state.equals(Outcome.DEGRADED.value());
  }

  /** The same run with these findings. */
  Point withChecks(CheckResults found) {
    return new Point(
        index, folder, place, values, state, cause, reason, attempt, startedAt, found, metrics,
        repeats);
  }

  /** The findings that are more than notes. */
  List<Finding> alarms() {
    return checks.findings().stream().filter(finding -> finding.level() != Level.NOTE).toList();
  }

  /** The findings as far as a table of results keeps them. */
  List<FoundCheck> foundChecks() {
    return checks.findings().stream().map(FoundCheck::of).toList();
  }

  /** Whether this metric is a percentile of too few requests. */
  boolean isRough(ReportMetric metric) {
    OptionalDouble requests = metrics.get(ReportMetric.REQUESTS);
    return requests.isPresent() && requests.getAsDouble() < metric.samples();
  }

  /** The value of the metric of a column. */
  OptionalDouble metric(String column) {
    return ReportMetric.of(column).map(metrics::get).orElse(OptionalDouble.empty());
  }

  /**
   * The ends of the 95 % confidence interval of a metric, within the run, or of the mean of
   * repeats; none if unknown.
   */
  List<Double> interval(ReportMetric metric) {
    return repeats.map(each -> each.interval(metric)).orElseGet(() -> metric.interval(checks));
  }

  /** Whether it is pending or running. */
  public boolean open() {
    return state.equals(RUNNING) || state.equals(PENDING);
  }
}
