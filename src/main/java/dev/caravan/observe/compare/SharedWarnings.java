package dev.caravan.observe.compare;

import dev.caravan.observe.report.ComparisonResult.Unlike;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A warning says that a number is true for something else than its label. A run with one counts
 * only where the other side has runs with the same warning at the same point.
 */
final class SharedWarnings {

  private final Map<String, Set<String>> base;
  private final Map<String, Set<String>> candidate;
  private final Set<String> allowed;

  /**
   * The warnings of both sides.
   *
   * @param allowed ids of checks whose warnings one side may have alone
   */
  SharedWarnings(ComparedSide base, ComparedSide candidate, Set<String> allowed) {
    this.base = byPoint(base);
    this.candidate = byPoint(candidate);
    this.allowed = allowed;
  }

  private static Map<String, Set<String>> byPoint(ComparedSide side) {
    Map<String, Set<String>> warnings = new TreeMap<>();
    side.runs()
        .forEach(
            run ->
                warnings
                    .computeIfAbsent(run.point(), point -> new TreeSet<>())
                    .addAll(warnings(run)));
    return warnings;
  }

  private static Set<String> warnings(ComparedRun run) {
    return run.checks().entrySet().stream()
        .filter(check -> check.getValue().equals(Level.WARNING.value()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a run of either side counts. */
  boolean counts(ComparedRun run) {
    return alone(run).isEmpty();
  }

  /** The warnings of a run that the other side does not have at its point. */
  Set<String> alone(ComparedRun run) {
    Set<String> alone = warnings(run);
    alone.removeIf(
        id ->
            allowed.contains(id) || has(base, run.point(), id) && has(candidate, run.point(), id));
    return alone;
  }

  /** The warnings that some point has on both sides. */
  Set<String> shared() {
    Set<String> shared = new TreeSet<>();
    base.forEach(
        (point, ids) -> ids.stream().filter(id -> has(candidate, point, id)).forEach(shared::add));
    return shared;
  }

  /** The warnings that only one side has, as differences. */
  List<Unlike> oneSided() {
    Set<String> ofBase = all(base);
    Set<String> ofCandidate = all(candidate);
    Set<String> ids = new TreeSet<>(ofBase);
    ids.addAll(ofCandidate);
    List<Unlike> unlike = new ArrayList<>();
    for (String id : ids) {
      if (ofBase.contains(id) != ofCandidate.contains(id)) {
        unlike.add(new Unlike(id, word(ofBase, id), word(ofCandidate, id), allowed.contains(id)));
      }
    }
    return unlike;
  }

  private static String word(Set<String> ids, String id) {
    return ids.contains(id) ? Level.WARNING.value() : "no " + Level.WARNING.value();
  }

  private static Set<String> all(Map<String, Set<String>> warnings) {
    return warnings.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  private static boolean has(Map<String, Set<String>> warnings, String point, String id) {
    return warnings.getOrDefault(point, Set.of()).contains(id);
  }
}
