package dev.caravan.pipeline.run;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.Checks;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides whether another attempt of a disturbed run is worth its time. A disturbance that also
 * affects second attempts is there to stay; further runs of the batch then get no second attempt
 * because of it. Remembers the latest batches since the start of the process.
 */
final class Disturbances {

  private static final int LASTING = 2;
  private static final int MOST_BATCHES = 100;

  /** By batch and check, the runs whose second attempt was disturbed as the first one was. */
  private final Map<String, Map<String, Set<Integer>>> again =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Set<Integer>>> eldest) {
          return size() > MOST_BATCHES;
        }
      };

  /** Whether this judgment says that the run was disturbed. */
  static boolean isDisturbed(Judgment judgment) {
    return judgment.outcome() == Outcome.INVALID && Checks.isDisturbance(judgment.cause());
  }

  /**
   * Whether to try a run again that was disturbed.
   *
   * @param earlier its earlier attempts
   */
  synchronized boolean isWorthAnotherAttempt(Run run, Judgment judgment, List<Head> earlier) {
    Set<Integer> runs =
        again
            .computeIfAbsent(run.batch().id(), id -> new LinkedHashMap<>())
            .computeIfAbsent(judgment.cause(), id -> new HashSet<>());
    boolean isSecond =
        earlier.stream()
            .anyMatch(
                head -> head.status() == Outcome.INVALID && head.cause().equals(judgment.cause()));
    if (isSecond) {
      runs.add(run.index());
    }
    return !isSecond && runs.size() < LASTING;
  }
}
