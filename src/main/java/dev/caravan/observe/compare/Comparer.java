package dev.caravan.observe.compare;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares two sides: whether they are alike, and if so, whether the candidate is worse. */
public final class Comparer {

  private final CompareRules rules;
  private final CountingRuns counting;

  /** A comparer with these rules. */
  public Comparer(CompareRules rules) {
    this.rules = rules;
    this.counting = new CountingRuns(rules.allowed());
  }

  /** Compares the candidate with the base. */
  public ComparisonResult compare(ComparedSide base, ComparedSide candidate, Pairing pairing) {
    ComparedSide ofBase = base.counting(counting::counts);
    ComparedSide ofCandidate = candidate.counting(counting::counts);
    SharedWarnings warnings = new SharedWarnings(ofBase, ofCandidate, rules.allowed());
    Counted counted =
        new Counted(ofBase.counting(warnings::counts), ofCandidate.counting(warnings::counts));
    Likeness likeness = counted.likeness(pairing.varied(), rules.allowed());
    List<Unlike> unlike = new ArrayList<>(likeness.unlike());
    if (likeness.common().isEmpty()) {
      unlike.addAll(warnings.oneSided());
    }
    Figures figures =
        Figures.of(counted.base(), counted.candidate(), likeness.common(), rules, pairing);
    boolean isAlike = unlike.stream().allMatch(Unlike::allowed);
    Remarks remarks =
        new Remarks()
            .aboutRuns(base, counting, warnings)
            .aboutRuns(candidate, counting, warnings)
            .aboutWarnings(warnings)
            .and(pairing.notes());
    if (isAlike) {
      remarks.aboutMetrics(rules, figures).aboutNoise(figures);
    }
    return counted.result(figures, likeness, unlike, remarks.all());
  }

  /** Both sides, with the runs that count. */
  private record Counted(ComparedSide base, ComparedSide candidate) {

    Likeness likeness(Set<String> varied, Set<String> allowed) {
      return new Likeness(base, candidate, varied, allowed);
    }

    ComparisonResult result(
        Figures figures, Likeness likeness, List<Unlike> unlike, List<String> notes) {
      Map<String, String> labels = labels();
      boolean isAlike = unlike.stream().allMatch(Unlike::allowed);
      List<Row> rows =
          new ComparisonRows(base, candidate, labels, isAlike).of(figures, likeness.common());
      return new ComparisonResult(
          isAlike && !rows.isEmpty() ? figures.comparison().verdict() : Verdict.REFUSED,
          sentence(figures, likeness, unlike, labels),
          side(base),
          side(candidate),
          rows,
          unlike,
          likeness.listed(),
          only(base, candidate, labels),
          only(candidate, base, labels),
          notes);
    }

    private String sentence(
        Figures figures, Likeness likeness, List<Unlike> unlike, Map<String, String> labels) {
      Wording words = new Wording(base.name(), candidate.name(), labels);
      if (!unlike.stream().allMatch(Unlike::allowed)) {
        return words.refused(unlike);
      }
      if (likeness.common().isEmpty()) {
        return words.refused("no point has runs that count on both sides");
      }
      return figures.noises().isEmpty()
          ? words.refused("no metric has values on both sides")
          : words.verdict(figures.comparison(), unlike);
    }

    private Map<String, String> labels() {
      Map<String, String> labels = new HashMap<>();
      base.runs().forEach(run -> labels.put(run.point(), run.label()));
      candidate.runs().forEach(run -> labels.put(run.point(), run.label()));
      return labels;
    }

    private static ComparisonResult.Side side(ComparedSide side) {
      return new ComparisonResult.Side(side.name(), side.ids(), (int) side.runs().count());
    }

    private static List<String> only(
        ComparedSide side, ComparedSide other, Map<String, String> labels) {
      Set<String> points = other.byPoint().keySet();
      return side.byPoint().keySet().stream()
          .filter(point -> !points.contains(point))
          .map(labels::get)
          .toList();
    }
  }
}
