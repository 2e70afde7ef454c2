package dev.caravan.observe.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds where the batches of a name start to measure something else, which may show as a step in
 * their values.
 */
final class TrendBreaks {

  private final List<ComparedBatch> known = new ArrayList<>();
  private final Set<String> keys = new HashSet<>();

  /**
   * In what a batch is another thing than the alike ones before it; empty if it is like them. What
   * is unknown, such as a version, is not different; the last known one counts.
   */
  String next(ComparedSide counting) {
    String changed = known.isEmpty() ? "" : changed(counting);
    if (!changed.isEmpty()) {
      known.clear();
      keys.clear();
    }
    if (keys.addAll(keys(counting))) {
      known.addAll(counting.batches()); // others say nothing that is not known
    }
    return changed;
  }

  private String changed(ComparedSide counting) {
    ComparedSide before = new ComparedSide("", known);
    return new Likeness(before, counting, Set.of(), Set.of())
        .unlike().stream()
            .map(each -> each.key() + " " + each.base() + " → " + each.candidate())
            .collect(Collectors.joining("; "));
  }

  private static Set<String> keys(ComparedSide side) {
    Set<String> all = new HashSet<>();
    side.runs()
        .forEach(
            run -> {
              all.addAll(run.client().keySet());
              all.addAll(run.parameters().keySet());
              all.addAll(run.metrics().keySet());
            });
    return all;
  }
}
