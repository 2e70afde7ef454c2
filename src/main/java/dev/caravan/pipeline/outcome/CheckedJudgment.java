package dev.caravan.pipeline.outcome;

import dev.caravan.config.Parameters;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.CheckRules;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.RunFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The judgment on an attempt after its checks: an attempt that completed is degraded or invalid if
 * a check says so.
 *
 * @param judgment the judgment
 * @param checks what the checks found; {@link CheckResults#NONE} if the attempt did not complete
 */
public record CheckedJudgment(Judgment judgment, CheckResults checks) {

  /** Checks whose findings are already among the judge's reasons. */
  private static final Set<String> JUDGED = Set.of("errors", "unanswered");

  /**
   * Checks an attempt that has this judgment so far.
   *
   * @param earlierPrompts SHA-256 of the prompts of earlier runs on the same service, each with
   *     words for the run
   */
  public static CheckedJudgment of(
      Judgment judgment,
      RunFolder folder,
      Parameters parameters,
      CheckRules rules,
      Map<String, String> earlierPrompts) {
    if (!judgment.outcome().isCompleted()) {
      return new CheckedJudgment(judgment, CheckResults.NONE);
    }
    return EvidenceReader.read(folder, parameters, earlierPrompts)
        .map(evidence -> of(judgment, Checks.examine(evidence, rules)))
        .orElseGet(() -> new CheckedJudgment(judgment, CheckResults.NONE));
  }

  /** The judgment on an attempt of which the checks found this. */
  public static CheckedJudgment of(Judgment judgment, CheckResults checks) {
    Optional<Finding> worst = checks.worst(Level.DEGRADED);
    if (worst.isEmpty()) {
      return new CheckedJudgment(judgment, checks);
    }
    boolean isInvalid = worst.get().level() == Level.INVALID;
    List<String> reasons =
        checks.findings().stream()
            .filter(finding -> finding.level().compareTo(Level.DEGRADED) >= 0)
            .filter(finding -> isInvalid || !JUDGED.contains(finding.id()))
            .map(Finding::reason)
            .toList();
    Judgment changed =
        new Judgment(
            isInvalid ? Outcome.INVALID : Outcome.DEGRADED,
            isInvalid ? worst.get().id() : judgment.cause(),
            isInvalid ? joined(reasons, judgment.reasons()) : joined(judgment.reasons(), reasons));
    return new CheckedJudgment(changed, checks);
  }

  private static List<String> joined(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
