package dev.caravan.analysis;

/** The repeats a side and batch that would tell a difference of the tolerance from none. */
public sealed interface RepeatsNeeded {

  /** About so many. */
  record About(int repeats) implements RepeatsNeeded {}

  /** More than so many, which nobody runs: the repeats are too far apart. */
  record MoreThan(int repeats) implements RepeatsNeeded {}

  /** No number: the noise between batches alone hides such a difference. */
  record Hidden() implements RepeatsNeeded {}
}
