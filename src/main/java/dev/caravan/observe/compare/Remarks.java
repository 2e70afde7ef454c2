package dev.caravan.observe.compare;

import dev.caravan.observe.report.ComparisonText;
import dev.caravan.observe.report.ReportMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What to know when reading a comparison, one sentence each. */
final class Remarks {

  private static final int NAMED = 10;

  private final List<String> notes = new ArrayList<>();

  /** The notes so far. */
  List<String> all() {
    return notes;
  }

  /** What a side lacks: runs that are not finished, failed, disturbed, or warned about alone. */
  Remarks aboutRuns(ComparedSide side, CountingRuns counting, SharedWarnings warnings) {
    side.batches().stream()
        .filter(batch -> !batch.finished())
        .forEach(
            batch ->
                notes.add(
                    batch.id()
                        + " has not finished: "
                        + batch.runs().size()
                        + " of "
                        + batch.planned()
                        + " runs."));
    Map<String, Integer> leftOut = new TreeMap<>(counting.leftOut(side));
    side.counting(counting::counts)
        .runs()
        .map(warnings::alone)
        .filter(alone -> !alone.isEmpty())
        .forEach(
            alone ->
                leftOut.merge(
                    "with a warning that the other side lacks (" + String.join(", ", alone) + ")",
                    1,
                    Integer::sum));
    if (!leftOut.isEmpty()) {
      String reasons =
          leftOut.entrySet().stream()
              .map(each -> each.getValue() + " " + each.getKey())
              .collect(Collectors.joining(", "));
      notes.add("Left out of " + side.name() + ": " + reasons + ".");
    }
    return aboutLostPoints(side, run -> counting.counts(run) && warnings.counts(run));
  }

  /** The points without a run that counts: the verdict is about the others alone. */
  private Remarks aboutLostPoints(ComparedSide side, Predicate<ComparedRun> counts) {
    List<String> lost =
        side.byPoint().values().stream()
            .filter(runs -> runs.stream().noneMatch(counts))
            .map(runs -> runs.get(0).label())
            .toList();
    if (!lost.isEmpty()) {
      String more = lost.size() > NAMED ? " and " + (lost.size() - NAMED) + " more points" : "";
      notes.add(
          "Not compared, because no run of "
              + side.name()
              + " counts there: "
              + ComparisonText.pointNames(lost.subList(0, Math.min(lost.size(), NAMED)))
              + more
              + ".");
    }
    return this;
  }

  Remarks aboutWarnings(SharedWarnings warnings) {
    if (!warnings.shared().isEmpty()) {
      notes.add("Both sides have warnings: " + String.join(", ", warnings.shared()) + ".");
    }
    return this;
  }

  /** The metrics that were asked for but not compared. */
  Remarks aboutMetrics(CompareRules rules, SideComparison measured) {
    List<String> missing =
        rules.metrics().stream()
            .filter(name -> ReportMetric.of(name).filter(measured.noises()::containsKey).isEmpty())
            .toList();
    if (!missing.isEmpty()) {
      notes.add(
          "Not compared, because one side has no values, or they may be 0: "
              + String.join(", ", missing)
              + ".");
    }
    if (!measured.gaps().isEmpty()) {
      notes.add(
          "Not compared, because only one side has values: "
              + String.join(", ", measured.gaps())
              + ".");
    }
    return this;
  }

  Remarks aboutNoise(SideComparison measured) {
    if (!measured.noises().isEmpty()) {
      notes.add(NoiseBetweenBatches.sentence(measured.noises()));
    }
    return this;
  }

  Remarks and(List<String> more) {
    notes.addAll(more);
    return this;
  }
}
