package dev.caravan.pipeline.outcome.checks;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the checks of an attempt found.
 *
 * @param findings the worst first
 * @param checked ids of the checks that could look, in the order of the list
 * @param unchecked id to reason of the others
 */
public record CheckResults(
    List<Finding> findings, List<String> checked, Map<String, String> unchecked) {

  /** Of an attempt that was not checked. */
  public static final CheckResults NONE = new CheckResults(List.of(), List.of(), Map.of());

  public CheckResults {
    findings = List.copyOf(findings);
    checked = List.copyOf(checked);
    unchecked = Collections.unmodifiableMap(new LinkedHashMap<>(unchecked));
  }

  /** Whether any check ran. */
  public boolean isPresent() {
    return !checked.isEmpty() || !unchecked.isEmpty();
  }

  /** The worst finding of this level or above. */
  public Optional<Finding> worst(Level least) {
    return findings.stream().filter(each -> each.level().compareTo(least) >= 0).findFirst();
  }
}
