package dev.caravan.observe.report;

import java.util.Map;

/**
 * A batch in a list.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param folder its folder
 * @param startedAt RFC 3339; empty where it is not told
 * @param finishedAt empty while it is not finished
 * @param total runs it has
 * @param outcomes runs by outcome, those that are none left out
 * @param model its model
 * @param target its target
 * @param labels the user's own
 * @param bestThroughput most output tokens per second of a completed run; requests per second where
 *     there are none; null where nothing completed
 * @param bestUnit unit of that
 * @param bestPoint the run's folder
 */
public record BatchEntry(
    String id,
    String folder,
    String startedAt,
    String finishedAt,
    int total,
    Map<String, Integer> outcomes,
    String model,
    String target,
    Map<String, String> labels,
    Double bestThroughput,
    String bestUnit,
    String bestPoint) {

  /** Runs that ended in this way. */
  public int of(String outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }
}
