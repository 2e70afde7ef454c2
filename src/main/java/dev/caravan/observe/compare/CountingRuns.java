package dev.caravan.observe.compare;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides which runs are taken into account: those that succeeded, and degraded ones only if
 * everything that disturbed them is allowed.
 *
 * @param allowed ids of checks whose findings are accepted
 */
record CountingRuns(Set<String> allowed) {

  /** Whether the numbers of a run count. */
  boolean counts(ComparedRun run) {
    return run.outcome().equals(Outcome.SUCCEEDED.value())
        || run.outcome().equals(Outcome.DEGRADED.value()) && allowed.containsAll(disturbances(run));
  }

  /** The runs of a side that do not count, with the reasons in words. */
  Map<String, Integer> leftOut(ComparedSide side) {
    Map<String, Integer> reasons = new TreeMap<>();
    side.runs()
        .filter(run -> !counts(run))
        .forEach(run -> reasons.merge(reason(run), 1, Integer::sum));
    return reasons;
  }

  private static String reason(ComparedRun run) {
    return run.outcome().equals(Outcome.DEGRADED.value())
        ? "degraded (" + String.join(", ", disturbances(run)) + ")"
        : run.outcome().replace('_', ' ');
  }

  /** What disturbed a degraded run; its outcome if no check says so. */
  private static List<String> disturbances(ComparedRun run) {
    List<String> ids =
        run.checks().entrySet().stream()
            .filter(check -> check.getValue().equals(Level.DEGRADED.value()))
            .map(Map.Entry::getKey)
            .toList();
    return ids.isEmpty() ? List.of(Outcome.DEGRADED.value()) : ids;
  }
}
