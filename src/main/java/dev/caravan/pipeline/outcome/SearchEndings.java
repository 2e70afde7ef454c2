package dev.caravan.pipeline.outcome;

import dev.caravan.analysis.LoadMeasurements;
import dev.caravan.config.Slo;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.RunEnding;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the end of a run means to a search for the highest load that keeps the bounds. A service
 * that fails under a load does not keep the bounds at it. A disturbed run says nothing. A failure
 * that does not depend on the load ends the search.
 */
public final class SearchEndings {

  private static final String ERROR_RATE = "error_rate_pct";

  /** Something disturbed the run, which may not be the service's fault. */
  private static final Set<String> DISTURBANCES = Set.of("clock", "client", "service", "stall");

  /** The service cannot handle the load, whatever the numbers of the answered requests are. */
  private static final Set<String> OVERLOADS = Set.of("errors", "unanswered", "load");

  private final List<Slo> bounds;

  /** What ends mean to these bounds. */
  public SearchEndings(List<Slo> bounds) {
    this.bounds = List.copyOf(bounds);
  }

  /** What the end of this run means. */
  public RunEnding of(ResultRow row) {
    if (failedByLoad(row.outcome(), row.cause(), row.checks())) {
      return missed();
    }
    return switch (row.outcome()) {
      case SUCCEEDED -> measured(row);
      case DEGRADED, INVALID -> found(row);
      case FAILED -> failed(row);
      case TIMED_OUT, UNHEALTHY -> new RunEnding.Unanswered(words(row));
      case CANCELLED -> new RunEnding.Cancelled(words(row));
    };
  }

  private static RunEnding missed() {
    return new RunEnding.Measured(LoadMeasurements.MOST_MARGIN);
  }

  private static RunEnding failed(ResultRow row) {
    return row.cause().equals(Cause.CRASHED.value())
        ? new RunEnding.Disturbed(words(row))
        : new RunEnding.Unanswered(words(row));
  }

  /** Whether a run that ended like this has failed since the service does not bear its load. */
  public boolean failedByLoad(Outcome outcome, String cause, List<FoundCheck> found) {
    return switch (outcome) {
      case TIMED_OUT -> true;
      case FAILED -> cause.equals(Cause.ALL_REQUESTS_FAILED.value());
      case INVALID ->
          bad(found).noneMatch(SearchEndings::isDisturbance)
              && bad(found).anyMatch(this::isOverload);
      case SUCCEEDED, DEGRADED, UNHEALTHY, CANCELLED -> false;
    };
  }

  /** A run with a bad finding: a disturbance of the client comes before what it makes look bad. */
  private RunEnding found(ResultRow row) {
    if (bad(row).anyMatch(SearchEndings::isDisturbance)) {
      return new RunEnding.Disturbed(words(row));
    }
    if (bad(row).anyMatch(this::isOverload)) {
      return missed();
    }
    return row.outcome() == Outcome.DEGRADED ? measured(row) : new RunEnding.Unanswered(words(row));
  }

  /** Whether the numbers of a run are what it is judged by. */
  boolean isJudgedByNumbers(ResultRow row) {
    return row.outcome().isCompleted()
        && bad(row).noneMatch(check -> isDisturbance(check) || isOverload(check));
  }

  /**
   * Whether a completed run of which the checks found this may keep the bounds.
   *
   * @param numbers what its numbers say
   */
  public boolean mayKeep(List<FoundCheck> found, SloResult.State numbers) {
    return bad(found).anyMatch(SearchEndings::isDisturbance)
        || bad(found).noneMatch(this::isOverload) && numbers != SloResult.State.MISSED;
  }

  private static Stream<FoundCheck> bad(ResultRow row) {
    return bad(row.checks());
  }

  private static Stream<FoundCheck> bad(List<FoundCheck> found) {
    return found.stream().filter(each -> each.level().compareTo(Level.DEGRADED) >= 0);
  }

  private static boolean isDisturbance(FoundCheck check) {
    return DISTURBANCES.contains(check.id())
        && !Checks.isStallOfService(check.id(), check.message());
  }

  private boolean isOverload(FoundCheck check) {
    return OVERLOADS.contains(check.id()) && !isLeftToBound(check)
        || Checks.isStallOfService(check.id(), check.message());
  }

  /** A bound on errors says how many are too many, while the answered requests mean something. */
  private boolean isLeftToBound(FoundCheck check) {
    return check.id().equals("errors")
        && check.level() == Level.DEGRADED
        && bounds.stream().anyMatch(each -> each.metric().equals(ERROR_RATE));
  }

  /** A run that misses a bound misses, whatever it lacks; one that lacks a metric may. */
  private RunEnding measured(ResultRow row) {
    double worst = Double.NEGATIVE_INFINITY;
    String absent = "";
    for (Slo bound : bounds) {
      OptionalDouble value = row.metric(bound.metric());
      if (value.isPresent()) {
        worst = Math.max(worst, margin(bound, value.getAsDouble()));
      } else if (absent.isEmpty()) {
        absent = bound.metric();
      }
    }
    return absent.isEmpty() || worst > 0
        ? new RunEnding.Measured(worst)
        : new RunEnding.Unanswered(absent + " was not measured");
  }

  /** How far a value is from its bound: the logarithm of their ratio, above 0 when it misses it. */
  static double margin(Slo bound, double value) {
    boolean isHigherBetter = Slo.isHigherBetter(bound.metric());
    double ratio = isHigherBetter ? bound.bound() / value : value / bound.bound();
    double most = LoadMeasurements.MOST_MARGIN;
    if (!bound.holds(value)) {
      return Double.isFinite(ratio)
          ? Math.min(most, Math.max(Double.MIN_VALUE, Math.log(ratio)))
          : most;
    }
    return ratio > 0 && Double.isFinite(ratio) ? Math.max(-most, Math.log(ratio)) : -most;
  }

  /** Why a run ended as it did. */
  static String words(ResultRow row) {
    return row.reason().isEmpty()
        ? (row.cause().isEmpty() ? row.outcome().value() : row.cause()).replace('_', ' ')
        : row.reason();
  }
}
