package dev.caravan.pipeline.outcome.checks;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;

/**
 * What a check found.
 *
 * @param id the check
 * @param level how bad it is
 * @param value the figure that the check compares, in the unit of the check
 * @param threshold what it is compared with
 * @param message what it means, with the numbers, in one sentence
 * @param advice what to do, as a line of YAML or in words; empty when there is nothing to do
 */
public record Finding(
    String id,
    Level level,
    @JsonSerialize(using = Figure.class) double value,
    @JsonSerialize(using = Figure.class) double threshold,
    String message,
    String advice)
    implements Examination {

  /** The finding as a reason for the outcome of its run. */
  public String reason() {
    return id + ": " + message;
  }

  @Override
  public Finding atMost(Level highest) {
    return level.compareTo(highest) <= 0
        ? this
        : new Finding(id, highest, value, threshold, message, advice);
  }
}
