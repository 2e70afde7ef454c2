package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.checks.Check;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the checks found in the runs of a batch, to be read before its numbers.
 *
 * @param runs number of runs that have numbers, whatever they are worth
 * @param found by check, the worst first
 * @param unchecked checks that could not look, by their reason
 * @param neverChecked number of these runs that no check looked at
 */
record BatchFindings(int runs, List<Found> found, List<Unchecked> unchecked, int neverChecked) {

  /** Far more than there are checks; a tree of another program may name any. */
  private static final int MAX_FOUND = 50;

  /**
   * What one check found.
   *
   * @param id the check
   * @param level its worst level
   * @param runs number of runs in which it found something
   * @param message the worst finding, in words
   * @param advice what to do about it; may be empty
   * @param rule when the check finds something; empty for one that this version does not have
   * @param why why that matters
   * @param points positions of the runs
   */
  record Found(
      String id,
      Level level,
      int runs,
      String message,
      String advice,
      String rule,
      String why,
      List<Integer> points) {

    /** Whether it is something to note, and no more. */
    boolean isNote() {
      return level == Level.NOTE;
    }
  }

  /**
   * Why a check could not look.
   *
   * @param id the check
   * @param reason why
   * @param runs in how many runs
   */
  record Unchecked(String id, String reason, int runs) {}

  /** The findings of this batch. */
  static BatchFindings of(BatchData batch) {
    Map<String, List<Integer>> points = new LinkedHashMap<>();
    Map<String, Finding> worst = new LinkedHashMap<>();
    Map<String, Unchecked> unchecked = new LinkedHashMap<>();
    int runs = 0;
    int neverChecked = 0;
    for (int at = 0; at < batch.points().size(); at++) {
      Point point = batch.points().get(at);
      CheckResults checks = point.checks();
      runs += point.hasNumbers() ? 1 : 0;
      neverChecked += point.hasNumbers() && !checks.isPresent() ? 1 : 0;
      for (Finding finding : checks.findings()) {
        points.computeIfAbsent(finding.id(), id -> new ArrayList<>()).add(at);
        worst.merge(finding.id(), finding, BatchFindings::worse);
      }
      checks
          .unchecked()
          .forEach(
              (id, reason) ->
                  unchecked.merge(
                      id + reason,
                      new Unchecked(id, reason, 1),
                      (a, b) -> new Unchecked(id, reason, a.runs() + 1)));
    }
    List<Found> found =
        worst.values().stream()
            .map(finding -> found(finding, points.get(finding.id())))
            .sorted(
                Comparator.comparing(Found::level)
                    .reversed()
                    .thenComparing(each -> Checks.position(each.id())))
            .limit(MAX_FOUND)
            .toList();
    return new BatchFindings(
        runs, found, unchecked.values().stream().limit(MAX_FOUND).toList(), neverChecked);
  }

  private static Finding worse(Finding a, Finding b) {
    return b.level().compareTo(a.level()) > 0 ? b : a;
  }

  private static Found found(Finding finding, List<Integer> points) {
    Optional<Check> check = Checks.find(finding.id());
    return new Found(
        finding.id(),
        finding.level(),
        points.size(),
        finding.message().isEmpty() ? finding.level().value() : finding.message(),
        finding.advice(),
        check.map(known -> known.description().rule()).orElse(""),
        check.map(known -> known.description().why()).orElse(""),
        List.copyOf(points));
  }
}
