package dev.caravan.observe.compare;

import dev.caravan.observe.report.ComparisonResult;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares batches in memory that took turns on one service. */
final class SampleComparisons {

  static final Pairing IN_TURN = new Pairing(Set.of(), true, List.of(), List.of());

  private SampleComparisons() {}

  static ComparisonResult compare(ComparedBatch base, ComparedBatch candidate) {
    return compare(CompareRules.USUAL, base, candidate);
  }

  static ComparisonResult compare(CompareRules rules, ComparedBatch base, ComparedBatch candidate) {
    return new Comparer(rules).compare(ComparedSide.of(base), ComparedSide.of(candidate), IN_TURN);
  }

  /** The usual rules, but for keys that may differ. */
  static CompareRules allowing(String... keys) {
    return new CompareRules(List.of(), Map.of(), Set.of(keys));
  }
}
