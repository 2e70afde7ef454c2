package dev.caravan.pipeline.outcome.checks;

import java.util.Set;

/** One question to the evidence of an attempt. */
public interface Check {

  /** What it asks, as the documentation shows it. */
  Description description();

  /**
   * Asks.
   *
   * @param evidence what the attempt left behind
   * @param thresholds those of the description, or those that the user set
   */
  Examination examine(Evidence evidence, Thresholds thresholds);

  /** Whether it can only be asked when it is known what the run was to do. */
  default boolean needsWorkload() {
    return true;
  }

  /**
   * The columns of a run's row that have no value when this check finds something, by how their
   * names begin.
   */
  default Set<String> voids() {
    return Set.of();
  }

  /** Its name in configs and files. */
  default String id() {
    return description().id();
  }

  /** A finding if the figure passes a threshold. */
  default Examination compare(double figure, Thresholds thresholds, String message, String advice) {
    return thresholds
        .levelOf(figure)
        .<Examination>map(level -> finding(level, figure, thresholds.of(level), message, advice))
        .orElse(Examination.SILENT);
  }

  /** A finding of this check. */
  default Finding finding(
      Level level, double figure, double threshold, String message, String advice) {
    return new Finding(id(), level, figure, threshold, message, advice);
  }
}
