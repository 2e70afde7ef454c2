package dev.caravan.observe.compare;

import dev.caravan.config.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether two variants took turns on one service, so that nothing but what makes them different
 * stands between them. Their repeats then hold all the noise that there is.
 */
final class TurnTaking {

  private final ComparedSide base;
  private final ComparedSide candidate;
  private final List<ComparedRun> inOrder;
  private final Set<String> variantsOfBase;

  TurnTaking(ComparedSide base, ComparedSide candidate) {
    this.base = base;
    this.candidate = candidate;
    this.inOrder =
        Stream.concat(base.runs(), candidate.runs())
            .sorted(Comparator.comparing(ComparedRun::start))
            .toList();
    this.variantsOfBase = base.runs().map(ComparedRun::variant).collect(Collectors.toSet());
  }

  /**
   * Whether there is no noise between the sides.
   *
   * @param parametersOnly whether they differ in parameters of requests alone; else the service has
   *     to restart at each change
   */
  boolean isInTurn(boolean parametersOnly) {
    return targets().size() == 1
        && changes() >= rounds()
        && (parametersOnly || restartsAtEachChange());
  }

  /** What may stand between the sides, for the user. */
  String reason() {
    Set<String> ofBase = machines(base);
    Set<String> ofCandidate = machines(candidate);
    if (!ofBase.equals(ofCandidate)) {
      return "The effects of image and machine cannot be separated: "
          + base.name()
          + " ran on "
          + String.join(", ", ofBase)
          + ", "
          + candidate.name()
          + " on "
          + String.join(", ", ofCandidate)
          + ". To separate them, let variants with group: swap machines.";
    }
    if (targets().size() > 1) {
      return "The effects of image and machine are separated: both sides ran on "
          + String.join(", ", ofBase)
          + ".";
    }
    return changes() < rounds()
        ? "The variants did not take turns: use order: rounds."
        : "Nothing shows that the service restarted at each change of variant.";
  }

  private Set<String> targets() {
    Set<String> all = targets(base);
    all.addAll(targets(candidate));
    return all;
  }

  private static Set<String> targets(ComparedSide side) {
    return side.runs()
        .map(run -> run.facts().getOrDefault(ComparedBatchReader.URL, ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> machines(ComparedSide side) {
    return targets(side).stream()
        .map(TurnTaking::machine)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String machine(String target) {
    try {
      return Target.of(target).host();
    } catch (IllegalArgumentException e) {
      return target; // of another program
    }
  }

  private int rounds() {
    return inOrder.stream().mapToInt(ComparedRun::repeat).max().orElse(1);
  }

  private boolean isChange(int at) {
    return variantsOfBase.contains(inOrder.get(at).variant())
        != variantsOfBase.contains(inOrder.get(at - 1).variant());
  }

  private int changes() {
    int changes = 0;
    for (int at = 1; at < inOrder.size(); at++) {
      changes += isChange(at) ? 1 : 0;
    }
    return changes;
  }

  private boolean restartsAtEachChange() {
    for (int at = 1; at < inOrder.size(); at++) {
      if (isChange(at) && !isRestarted(inOrder.get(at - 1), inOrder.get(at))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isRestarted(ComparedRun before, ComparedRun after) {
    Double one = before.metrics().get(ComparedBatchReader.SERVICE_START);
    Double other = after.metrics().get(ComparedBatchReader.SERVICE_START);
    return one != null && other != null && !one.equals(other);
  }
}
