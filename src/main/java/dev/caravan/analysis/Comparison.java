package dev.caravan.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The comparison of two sides over points and metrics. It fails only where a difference is at least
 * the tolerance and, after Holm's adjustment for all tests, less likely than 1 % to be noise. It
 * passes only where the intervals leave no room for a difference of the tolerance, and nothing is
 * missing on a side.
 *
 * @param points the differences at single points, in the order given
 * @param overall the differences over all points, one a metric; empty when there is one point
 * @param gaps what could not be compared because a side has no values for it, in words
 */
public record Comparison(List<Difference> points, List<Difference> overall, List<String> gaps) {

  public Comparison {
    points = List.copyOf(points);
    overall = List.copyOf(overall);
    gaps = List.copyOf(gaps);
  }

  /** Compares the values of all metrics at all points, but for the gaps. */
  public static Comparison of(List<Measured> measured, List<String> gaps) {
    Map<String, List<Measured>> byMetric = new LinkedHashMap<>();
    measured.forEach(
        each ->
            byMetric.computeIfAbsent(each.metric().name(), name -> new ArrayList<>()).add(each));
    List<Difference> all = new ArrayList<>();
    byMetric.values().stream()
        .filter(points -> points.size() > 1)
        .map(Comparison::overall)
        .forEach(all::add);
    int split = all.size();
    measured.stream().map(Comparison::single).forEach(all::add);
    List<Difference> adjusted = adjusted(all);
    return new Comparison(adjusted.subList(split, all.size()), adjusted.subList(0, split), gaps);
  }

  private static Difference single(Measured values) {
    MetricRule metric = values.metric();
    return Difference.of(
        metric,
        Optional.of(values.point()),
        Side.at(metric, values.base()),
        Side.at(metric, values.candidate()));
  }

  private static Difference overall(List<Measured> points) {
    MetricRule metric = points.get(0).metric();
    return Difference.of(
        metric,
        Optional.empty(),
        Side.over(metric, points.stream().map(Measured::base).toList()),
        Side.over(metric, points.stream().map(Measured::candidate).toList()));
  }

  /** Adjusts the probabilities of all tests; tests that cannot be made do not count. */
  private static List<Difference> adjusted(List<Difference> all) {
    double[] adjusted =
        Holm.adjusted(
            all.stream()
                .filter(Difference::isTestable)
                .mapToDouble(Difference::probability)
                .toArray());
    List<Difference> result = new ArrayList<>();
    int at = 0;
    for (Difference each : all) {
      result.add(each.isTestable() ? each.adjusted(adjusted[at++]) : each);
    }
    return result;
  }

  /** The differences that decide whether nothing is worse: over all points, or at the only one. */
  private List<Difference> deciding() {
    return overall.isEmpty() ? points : overall;
  }

  /** The verdict over all metrics and points. */
  public Verdict verdict() {
    if (points.stream().noneMatch(Difference::isTestable)) {
      return Verdict.NONE;
    }
    if (worst().isPresent()) {
      return Verdict.FAIL;
    }
    return passes() ? Verdict.PASS : Verdict.INCONCLUSIVE;
  }

  private boolean passes() {
    return gaps.isEmpty()
        && points.stream().allMatch(each -> each.isTestable() && !each.isSuspicious())
        && deciding().stream().allMatch(Difference::isBounded);
  }

  /** The largest regression; one over all points before one at a single point. */
  public Optional<Difference> worst() {
    Comparator<Difference> bySeverity = Comparator.comparingDouble(Difference::severity);
    return overall.stream()
        .filter(Difference::isRegression)
        .max(bySeverity)
        .or(() -> points.stream().filter(Difference::isRegression).max(bySeverity));
  }

  /**
   * What keeps a comparison without regression from passing. Of the changes that may well be worse,
   * the one that is nearest to a decision: a single one decides. Else what lacks repeats, or the
   * metric that takes most of them: a pass needs them all.
   */
  public Optional<Difference> obstacle() {
    Comparator<Difference> byRepeats = Comparator.comparingDouble(Difference::repeats);
    return Stream.concat(overall.stream(), points.stream())
        .filter(Difference::isSuspicious)
        .min(byRepeats.thenComparingDouble(each -> each.test().probability()))
        .or(() -> points.stream().filter(each -> !each.isTestable()).findFirst())
        .or(() -> deciding().stream().filter(each -> !each.isTestable()).findFirst())
        .or(
            () ->
                deciding().stream()
                    .filter(each -> !each.isBounded())
                    .max(byRepeats.thenComparingDouble(Difference::room)));
  }
}
