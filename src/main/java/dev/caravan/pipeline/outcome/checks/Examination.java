package dev.caravan.pipeline.outcome.checks;

/** What a check returns: that it has nothing to say, a finding, or why it could not look. */
public sealed interface Examination permits Examination.Silent, Examination.Unchecked, Finding {

  /** The same, with no finding above this level. */
  default Examination atMost(Level highest) {
    return this;
  }

  /** Nothing to say. */
  Examination SILENT = new Silent();

  /** It looked and has nothing to say. */
  record Silent() implements Examination {}

  /**
   * It could not look.
   *
   * @param reason why, in words
   */
  record Unchecked(String reason) implements Examination {}

  /** It could not look, for this reason. */
  static Examination unchecked(String reason) {
    return new Unchecked(reason);
  }
}
