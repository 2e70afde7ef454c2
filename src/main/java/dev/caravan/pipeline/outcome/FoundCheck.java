package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.Optional;

/**
 * A finding as far as a table of results keeps it, which may have 100,000 runs.
 *
 * @param id the check
 * @param level how bad it is
 * @param message what it means; empty for a note, or when the row was read from a file
 */
public record FoundCheck(String id, Level level, String message) {

  private static final int MAX_MESSAGE = 200;

  /** What a table keeps of a finding. */
  public static FoundCheck of(Finding finding) {
    String message =
        finding.level() == Level.NOTE ? "" : OneLine.line(finding.message(), MAX_MESSAGE);
    return new FoundCheck(finding.id(), finding.level(), message);
  }

  /** The finding, without what the table does not keep. */
  Finding finding() {
    String advice = Checks.find(id).map(check -> check.description().advice()).orElse("");
    return new Finding(id, level, Double.NaN, Double.NaN, message, advice);
  }

  /** Reads {@code <id>=<level>}; empty if it is nothing like that, or of a later version. */
  static Optional<FoundCheck> parse(String text) {
    int at = text.indexOf('=');
    return at < 1
        ? Optional.empty()
        : Level.find(text.substring(at + 1))
            .map(level -> new FoundCheck(text.substring(0, at), level, ""));
  }

  /** Such as {@code cache=warning}. */
  @Override
  public String toString() {
    return id + "=" + level.value();
  }
}
