package dev.caravan.observe.compare;

import dev.caravan.analysis.Difference;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.observe.report.ComparisonResult.Value;
import dev.caravan.observe.report.ReportMetric;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns differences into rows of a table: those over all points first, then point by point. */
final class ComparisonRows {

  private final Map<String, List<ComparedRun>> base;
  private final Map<String, List<ComparedRun>> candidate;
  private final Map<String, String> labels;
  private final boolean isAlike;

  /**
   * Rows for these sides.
   *
   * @param labels point to its words
   * @param isAlike whether differences are shown; otherwise only the means of both sides
   */
  ComparisonRows(
      ComparedSide base, ComparedSide candidate, Map<String, String> labels, boolean isAlike) {
    this.base = base.byPoint();
    this.candidate = candidate.byPoint();
    this.labels = labels;
    this.isAlike = isAlike;
  }

  /** The rows of a comparison, those of its points in the given order. */
  List<Row> of(SideComparison measured, List<String> points) {
    Map<Optional<String>, List<Difference>> single =
        measured.comparison().points().stream().collect(Collectors.groupingBy(Difference::point));
    return Stream.concat(
            measured.comparison().overall().stream(),
            points.stream()
                .flatMap(point -> single.getOrDefault(Optional.of(point), List.of()).stream()))
        .map(each -> row(each, compared(each, measured)))
        .toList();
  }

  /** The points that a difference is about. */
  private static List<String> compared(Difference difference, SideComparison measured) {
    return difference
        .point()
        .map(List::of)
        .orElseGet(
            () ->
                measured.comparison().points().stream()
                    .filter(each -> each.metric().name().equals(difference.metric().name()))
                    .flatMap(each -> each.point().stream())
                    .toList());
  }

  private Row row(Difference difference, List<String> points) {
    ReportMetric metric = ReportMetric.of(difference.metric().name()).orElseThrow();
    return new Row(
        metric.column(),
        metric.label(),
        metric.unit(),
        difference.point().map(point -> labels.getOrDefault(point, point)).orElse(""),
        difference.isOverall(),
        value(base, metric, points, difference.base().size(), difference.baseMean()),
        value(candidate, metric, points, difference.candidate().size(), difference.candidateMean()),
        finite(difference.change()),
        finite(difference.lowestChange()),
        finite(difference.highestChange()),
        finite(difference.isTestable() ? difference.probability() : Double.NaN),
        difference.metric().tolerance(),
        difference.metric().noise().deviation(),
        kind(difference));
  }

  private Kind kind(Difference difference) {
    if (!isAlike) {
      return Kind.UNLIKE;
    }
    if (!difference.isTestable()) {
      return Kind.SINGLE;
    }
    if (difference.isRegression()) {
      return Kind.WORSE;
    }
    return difference.isImprovement()
        ? Kind.BETTER
        : difference.isBounded() ? Kind.WITHIN : Kind.OPEN;
  }

  private static Value value(
      Map<String, List<ComparedRun>> side,
      ReportMetric metric,
      List<String> points,
      int n,
      double mean) {
    OptionalDouble requests =
        points.stream()
            .flatMap(point -> side.getOrDefault(point, List.of()).stream())
            .flatMapToDouble(run -> run.metric(ReportMetric.REQUESTS.column()).stream())
            .average();
    boolean isRough = requests.isPresent() && requests.getAsDouble() < metric.samples();
    OptionalDouble known = Double.isFinite(mean) ? OptionalDouble.of(mean) : OptionalDouble.empty();
    return new Value(n, known, requests, isRough);
  }

  private OptionalDouble finite(double value) {
    return isAlike && Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }
}
