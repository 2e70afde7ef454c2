package dev.caravan.pipeline.outcome.checks;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the checks of an attempt found.
 *
 * @param findings the worst first
 * @param checked ids of the checks that could look, in the order of the list
 * @param unchecked id to reason of the others
 * @param statistics what the evidence says beside aiperf's own metrics; an absent one is unknown
 */
public record CheckResults(
    @JsonProperty("checks") List<Finding> findings,
    List<String> checked,
    Map<String, String> unchecked,
    @JsonSerialize(contentUsing = Figure.class) Map<Statistic, Double> statistics) {

  /** Equals the results of an attempt that was not checked, which have no place in its file. */
  public record NotChecked() {

    @Override
    public boolean equals(Object other) {
      return other instanceof CheckResults results && !results.isPresent();
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  /** Of an attempt that was not checked. */
  public static final CheckResults NONE =
      new CheckResults(List.of(), List.of(), Map.of(), Map.of());

  public CheckResults {
    findings = worstFirst(findings);
    checked = List.copyOf(checked);
    unchecked = Collections.unmodifiableMap(new LinkedHashMap<>(unchecked));
    statistics =
        statistics.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(statistics));
  }

  /** One finding a check: a file of another program may have more, and in another order. */
  private static List<Finding> worstFirst(List<Finding> findings) {
    Map<String, Finding> byCheck = new LinkedHashMap<>();
    findings.stream()
        .sorted(Comparator.comparing(Finding::level).reversed())
        .forEach(finding -> byCheck.putIfAbsent(finding.id(), finding));
    return List.copyOf(byCheck.values());
  }

  /** Whether any check ran. */
  @JsonIgnore
  public boolean isPresent() {
    return !checked.isEmpty()
        || !unchecked.isEmpty()
        || !findings.isEmpty()
        || !statistics.isEmpty();
  }

  /** The value of a statistic. */
  public OptionalDouble get(Statistic statistic) {
    Double value = statistics.get(statistic);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Whether a finding leaves this column of results without a value. */
  public boolean isVoid(String column) {
    return findings.stream()
        .flatMap(finding -> Checks.find(finding.id()).stream())
        .flatMap(check -> check.voids().stream())
        .anyMatch(column::startsWith);
  }

  /** The worst finding of this level or above. */
  public Optional<Finding> worst(Level least) {
    return findings.stream().filter(each -> each.level().compareTo(least) >= 0).findFirst();
  }
}
