package dev.caravan.observe.compare;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares two sides: whether they are alike, and if so, whether the candidate is worse. */
final class Comparer {

  private final CompareRules rules;
  private final CountingRuns counting;

  /** A comparer with these rules. */
  Comparer(CompareRules rules) {
    this.rules = rules;
    this.counting = new CountingRuns(rules.allowed());
  }

  /** Compares the candidate with the base. */
  ComparisonResult compare(ComparedSide base, ComparedSide candidate, Pairing pairing) {
    Sides whole = new Sides(base, candidate);
    Sides finished = whole.counting(counting::counts);
    SharedWarnings warnings =
        new SharedWarnings(finished.base(), finished.candidate(), rules.allowed());
    Sides counted = finished.counting(warnings::counts);
    List<String> points = counted.likeness(pairing.varied(), rules.allowed()).common();
    // Reports all differences at once, not only after the warnings that leave no point are allowed.
    Likeness likeness =
        (points.isEmpty() ? finished : counted).likeness(pairing.varied(), rules.allowed());
    List<Unlike> unlike = new ArrayList<>(likeness.unlike());
    if (points.isEmpty() && !likeness.common().isEmpty()) {
      unlike.addAll(warnings.oneSided());
    }
    ComparedPoints found = new ComparedPoints(points, whole.lost(counted), whole.labels());
    SideComparison measured =
        SideComparison.of(counted.base(), counted.candidate(), found, rules, pairing);
    Remarks remarks =
        new Remarks()
            .aboutRuns(base, counting, warnings)
            .aboutRuns(candidate, counting, warnings)
            .aboutWarnings(warnings)
            .and(pairing.notes());
    if (unlike.stream().allMatch(Unlike::allowed)) {
      remarks.aboutMetrics(rules, measured).aboutNoise(measured);
    }
    Compared compared = new Compared(measured, points, unlike, likeness.listed(), remarks.all());
    return compared.result(whole, counted);
  }

  /** Both sides, with all runs or some. */
  private record Sides(ComparedSide base, ComparedSide candidate) {

    Sides counting(Predicate<ComparedRun> rule) {
      return new Sides(base.counting(rule), candidate.counting(rule));
    }

    Likeness likeness(Set<String> varied, Set<String> allowed) {
      return new Likeness(base, candidate, varied, allowed);
    }

    Map<String, String> labels() {
      return Stream.concat(base.runs(), candidate.runs())
          .collect(Collectors.toMap(ComparedRun::point, ComparedRun::label, (one, other) -> other));
    }

    /** The points of both at which only one of these has runs. */
    List<String> lost(Sides counted) {
      Set<String> inBase = counted.base.byPoint().keySet();
      Set<String> inCandidate = counted.candidate.byPoint().keySet();
      return base.byPoint().keySet().stream()
          .filter(candidate.byPoint()::containsKey)
          .filter(point -> inBase.contains(point) != inCandidate.contains(point))
          .toList();
    }

    private static ComparisonResult.Side side(ComparedSide side) {
      return new ComparisonResult.Side(side.name(), side.ids(), (int) side.runs().count());
    }

    /** The points that one of them lacks, whether or not a run of the other counts there. */
    private static List<String> only(
        ComparedSide side, ComparedSide other, Map<String, String> labels) {
      Set<String> points = other.byPoint().keySet();
      return side.byPoint().keySet().stream()
          .filter(point -> !points.contains(point))
          .map(labels::get)
          .toList();
    }
  }

  /**
   * What a comparison found.
   *
   * @param points those that were compared
   */
  private record Compared(
      SideComparison measured,
      List<String> points,
      List<Unlike> unlike,
      List<Unlike> listed,
      List<String> notes) {

    /**
     * The result.
     *
     * @param whole the sides with all their runs
     * @param counted the sides with the runs that count
     */
    ComparisonResult result(Sides whole, Sides counted) {
      Map<String, String> labels = whole.labels();
      boolean isAlike = unlike.stream().allMatch(Unlike::allowed);
      List<Row> rows =
          new ComparisonRows(counted.base(), counted.candidate(), labels, isAlike)
              .of(measured, points);
      return new ComparisonResult(
          isAlike && !rows.isEmpty() ? measured.comparison().verdict() : Verdict.REFUSED,
          sentence(new Wording(whole.base().name(), whole.candidate().name(), labels), isAlike),
          Sides.side(counted.base()),
          Sides.side(counted.candidate()),
          rows,
          unlike,
          listed,
          Sides.only(whole.base(), whole.candidate(), labels),
          Sides.only(whole.candidate(), whole.base(), labels),
          notes);
    }

    private String sentence(Wording words, boolean isAlike) {
      if (!isAlike) {
        return words.refused(unlike);
      }
      if (points.isEmpty()) {
        return words.refused("no point has runs that count on both sides");
      }
      return measured.noises().isEmpty()
          ? words.refused("no metric has values on both sides")
          : words.verdict(measured.comparison(), unlike);
    }
  }
}
