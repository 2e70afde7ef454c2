package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.Optional;

/**
 * What a table of results, which may have 100,000 runs, keeps of a finding.
 *
 * @param id the check
 * @param level how bad it is
 * @param message what it means; empty for a note, or when the row was read from a file
 * @param advice what to do about it in this run; empty for a note, or when that is not known
 */
public record FoundCheck(String id, Level level, String message, String advice) {

  private static final int MAX_MESSAGE = 200;

  /** What a table keeps of a finding. */
  public static FoundCheck of(Finding finding) {
    return finding.level() == Level.NOTE
        ? new FoundCheck(finding.id(), finding.level(), "", "")
        : new FoundCheck(
            finding.id(),
            finding.level(),
            OneLine.line(finding.message(), MAX_MESSAGE),
            OneLine.line(finding.advice(), MAX_MESSAGE));
  }

  /** The finding, without what the table does not keep. */
  Finding finding() {
    return new Finding(id, level, Double.NaN, Double.NaN, message, adviceOrRule());
  }

  /** Whether a reason for the outcome of a run only repeats this finding. */
  public boolean isReason(String reason) {
    return reason.startsWith(id + ": ");
  }

  /** What to do about it: in this run if that is known, else what the check always says. */
  public String adviceOrRule() {
    return advice.isEmpty()
        ? Checks.find(id).map(check -> check.description().advice()).orElse("")
        : advice;
  }

  /** Reads {@code <id>=<level>}; empty if it is nothing like that, or of a later version. */
  static Optional<FoundCheck> parse(String text) {
    int at = text.indexOf('=');
    return at < 1
        ? Optional.empty()
        : Level.find(text.substring(at + 1))
            .map(level -> new FoundCheck(text.substring(0, at), level, "", ""));
  }

  /** Such as {@code cache=warning}. */
  @Override
  public String toString() {
    return id + "=" + level.value();
  }
}
