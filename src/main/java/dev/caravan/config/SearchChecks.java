package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;

/** Checks what a search needs of the other sections, and which of them it leaves no room for. */
final class SearchChecks {

  /** Sections that a search takes the place of, and why. */
  private static final String REPEAT =
      "cannot be combined with search, which repeats runs where necessary";

  private static final String COMPARE =
      "cannot be combined with search, which repeats loads only as their results require";

  private final Mapping top;
  private final Problems problems;

  SearchChecks(Mapping top, Problems problems) {
    this.top = top;
    this.problems = problems;
  }

  /** Adds a problem for each rule that is broken. */
  void check(RunMatrix matrix, Evaluation evaluation) {
    if (evaluation.slo().isEmpty()) {
      problems.add(
          GivenMatrix.position(top, SearchSection.PATH),
          SearchSection.PATH,
          "requires slo: the bounds that runs should meet, such as slo: {ttft_ms_p99: 500}");
    }
    refuse(RepeatSection.PATH, REPEAT);
    refuse(CompareSection.PATH, COMPARE);
    evaluation.slo().stream()
        .map(Slo::metric)
        .filter(metric -> Slo.isHigherBetter(metric) && !metric.endsWith("per_user"))
        .forEach(this::refuseGrowing);
    matrix
        .search()
        .map(Search::key)
        .filter(key -> matrix.exclude().stream().anyMatch(each -> each.containsKey(key)))
        .ifPresent(
            key ->
                problems.add(
                    GivenMatrix.position(top, PointsSection.EXCLUDE),
                    PointsSection.EXCLUDE,
                    "not by " + key + ", which search chooses"));
  }

  private void refuse(String section, String why) {
    top.get(section)
        .filter(entry -> !ValueReader.isAbsent(entry.value()))
        .ifPresent(entry -> problems.add(entry.key(), section, why));
  }

  private void refuseGrowing(String metric) {
    problems.add(
        GivenMatrix.position(top, SloSection.PATH),
        SloSection.PATH + "." + metric,
        "cannot be combined with search: it grows with the load, and a search needs bounds that a"
            + " higher load misses");
  }
}
