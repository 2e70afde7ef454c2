package dev.caravan.observe.http;

import dev.caravan.observe.report.FindingLines;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Description;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the checks found in a run, for its page.
 *
 * @param reasons why the run ended as it did, without what a finding says
 * @param findings the findings that change what the numbers mean
 * @param notes the other findings
 * @param unchecked the checks that could not look, and why
 * @param checked the checks that looked
 */
record RunFindings(
    List<String> reasons,
    List<RunFindings.Shown> findings,
    List<RunFindings.Shown> notes,
    Set<Map.Entry<String, String>> unchecked,
    String checked) {

  private static final Pattern YAML = Pattern.compile("\\w+:");

  /**
   * A finding and what it means.
   *
   * @param mark what stands before it: {@code !}, {@code x} or nothing
   * @param level its level
   * @param id the check
   * @param message what it found
   * @param advice what to do; may be empty
   * @param isYaml whether the advice is a line of YAML
   * @param rule when the check finds something; empty for a check of another version
   * @param why why that matters
   */
  public record Shown(
      String mark,
      String level,
      String id,
      String message,
      String advice,
      boolean isYaml,
      String rule,
      String why) {}

  /** What the page shows of the result of a run. */
  static RunFindings of(Optional<Head> end) {
    CheckResults checks = end.map(Head::checks).orElse(CheckResults.NONE);
    List<String> told = checks.findings().stream().map(Finding::reason).toList();
    return new RunFindings(
        end.map(Head::reasons).orElse(List.of()).stream()
            .filter(Predicate.not(told::contains))
            .toList(),
        shown(checks, level -> level != Level.NOTE),
        shown(checks, level -> level == Level.NOTE),
        checks.unchecked().entrySet(),
        String.join(", ", checks.checked()));
  }

  private static List<Shown> shown(CheckResults checks, Predicate<Level> levels) {
    return checks.findings().stream()
        .filter(finding -> levels.test(finding.level()))
        .map(RunFindings::shown)
        .toList();
  }

  private static Shown shown(Finding finding) {
    Optional<Description> known = Checks.find(finding.id()).map(check -> check.description());
    return new Shown(
        FindingLines.mark(finding.level()),
        finding.level().value(),
        finding.id(),
        finding.message(),
        finding.advice(),
        YAML.matcher(finding.advice()).lookingAt(),
        known.map(Description::rule).orElse(""),
        known.map(Description::why).orElse(""));
  }
}
