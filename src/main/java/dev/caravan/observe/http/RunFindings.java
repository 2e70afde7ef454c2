package dev.caravan.observe.http;

import dev.caravan.observe.report.FindingLines;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Description;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the checks found in a run, for its page. */
final class RunFindings {

  private static final Pattern YAML = Pattern.compile("\\w+:");

  private RunFindings() {}

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

  /** Adds what the page shows of the result of a run. */
  static void put(Optional<Head> end, Map<String, Object> view) {
    CheckResults checks = end.map(Head::checks).orElse(CheckResults.NONE);
    List<String> told =
        checks.findings().stream().map(each -> each.id() + ": " + each.message()).toList();
    view.put(
        "reasons",
        end.map(Head::reasons).orElse(List.of()).stream()
            .filter(Predicate.not(told::contains))
            .toList());
    view.put("findings", shown(checks, level -> level != Level.NOTE));
    view.put("notes", shown(checks, level -> level == Level.NOTE));
    view.put("unchecked", new LinkedHashMap<>(checks.unchecked()).entrySet());
    view.put("checked", String.join(", ", checks.checked()));
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
