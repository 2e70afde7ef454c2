package dev.caravan.config;

import java.util.List;
import java.util.Optional;

/**
 * The sections of a config that say how to judge what was measured.
 *
 * @param slo the bounds that a run should keep; empty when there are none
 * @param compare what the batch is compared with when it ends
 */
public record Evaluation(List<Slo> slo, Optional<CompareRule> compare) {

  /** A config without any of these sections. */
  public static final Evaluation NONE = new Evaluation(List.of(), Optional.empty());

  public Evaluation {
    slo = List.copyOf(slo);
  }

  /** What is left of it for a single run, which has no other variant to compare with. */
  public Evaluation ofOneRun() {
    return new Evaluation(
        slo, compare.filter(rule -> !(rule.base() instanceof CompareRule.Base.OfVariant)));
  }
}
