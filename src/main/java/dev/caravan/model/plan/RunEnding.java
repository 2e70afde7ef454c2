package dev.caravan.model.plan;

/** What the end of a run means to a search. */
public sealed interface RunEnding {

  /**
   * It measured how far the bounds are.
   *
   * @param margin logarithm of the value by the bound, of the bound that is nearest to be missed or
   *     missed most; at most 0 when all are kept
   */
  record Measured(double margin) implements RunEnding {}

  /** It was disturbed, and says nothing; another run may. */
  record Disturbed(String why) implements RunEnding {}

  /** It had no answer that another run could give. */
  record Unanswered(String why) implements RunEnding {}

  /** Somebody cancelled it, and its search with it. */
  record Cancelled(String why) implements RunEnding {}
}
