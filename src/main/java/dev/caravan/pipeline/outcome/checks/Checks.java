package dev.caravan.pipeline.outcome.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All checks, in the order in which findings of one level are shown. */
public final class Checks {

  /** The checks. */
  public static final List<Check> ALL =
      List.of(
          new Errors(),
          new Unanswered(),
          new Lengths(),
          new Replies(),
          new Cache(),
          new Load(),
          new Client(),
          new Stall(),
          new Clock(),
          new Stream(),
          new Tokens(),
          new Samples(),
          new Burst(),
          new Steady(),
          new Alone(),
          new Service());

  private static final Map<String, Check> BY_ID =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Check::id, Function.identity()));

  /** Checks that call a run invalid for what happened to it, not for what was measured. */
  private static final Set<String> DISTURBANCES = Set.of("clock", "stall", "service");

  private Checks() {}

  /** Whether another attempt may be free of what an invalid finding of this check found. */
  public static boolean isDisturbance(String id) {
    return DISTURBANCES.contains(id);
  }

  /** Whether a finding says that the service stood still, and not aiperf. */
  public static boolean isStallOfService(String id, String message) {
    return id.equals("stall") && Stall.isOfService(message);
  }

  /** Asks all checks. */
  public static CheckResults examine(Evidence evidence, CheckRules rules) {
    List<Finding> findings = new ArrayList<>();
    List<String> checked = new ArrayList<>();
    Map<String, String> unchecked = new LinkedHashMap<>();
    for (Check check : ALL) {
      CheckRules.Rule rule = rules.of(check.id());
      if (rule.isOff()) {
        unchecked.put(check.id(), "switched off in the config");
        continue;
      }
      if (check.needsWorkload() && !evidence.workload().isKnown()) {
        unchecked.put(check.id(), "the parameters of the run are unknown");
        continue;
      }
      Thresholds thresholds = check.description().thresholds().with(rule.thresholds());
      Examination result = check.examine(evidence, thresholds);
      if (result instanceof Examination.Unchecked blind) {
        unchecked.put(check.id(), blind.reason());
      } else {
        checked.add(check.id());
      }
      if (result instanceof Finding finding) {
        findings.add(finding.atMost(rule.highest().orElse(Level.INVALID)));
      }
    }
    return new CheckResults(findings, checked, unchecked, Statistic.of(evidence));
  }

  /** No check could look, for this reason. */
  public static CheckResults unchecked(String reason) {
    Map<String, String> unchecked = new LinkedHashMap<>();
    ALL.forEach(check -> unchecked.put(check.id(), reason));
    return new CheckResults(List.of(), List.of(), unchecked, Map.of());
  }

  /** Where a check stands in the list; behind all others if it is none of them. */
  public static int position(String id) {
    return find(id).map(ALL::indexOf).orElse(ALL.size());
  }

  /** The check with this id. */
  public static Optional<Check> find(String id) {
    return Optional.ofNullable(BY_ID.get(id));
  }
}
