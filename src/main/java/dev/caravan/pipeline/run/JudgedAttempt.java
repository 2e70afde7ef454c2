package dev.caravan.pipeline.run;

import dev.caravan.pipeline.outcome.CheckedJudgment;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.process.ProcessExit;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An attempt that ended, with the judgment on it.
 *
 * @param attempt the attempt
 * @param exit how its process ended
 * @param checked the judgment, and what the checks found
 * @param masked what had to be masked, for users
 */
record JudgedAttempt(
    Attempt attempt, ProcessExit exit, CheckedJudgment checked, List<String> masked) {

  /**
   * The head of its result, with what its hooks failed at.
   *
   * @param isFinal whether no further attempt follows
   * @param retry the delay before the next attempt; empty when there is none
   */
  Head head(boolean isFinal, Optional<Duration> retry) {
    Judgment judgment = checked.judgment();
    List<String> reasons = new ArrayList<>(judgment.reasons());
    reasons.addAll(masked);
    reasons.addAll(HookRecord.of(attempt.task().run().folder(), attempt.number()).failures());
    return new Head(
        judgment.outcome(),
        judgment.cause(),
        reasons,
        attempt.number(),
        isFinal,
        retry.map(OffsetDateTime.now()::plus),
        exit.startedAt(),
        exit.endedAt(),
        exit.duration(),
        attempt.aiperfVersion(),
        checked.checks());
  }
}
