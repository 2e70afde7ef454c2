package dev.caravan.observe.report;

import dev.caravan.analysis.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Renders comparisons as the part of a page with their verdicts and differences. */
public final class ComparisonSection {

  private static final HtmlTemplates TEMPLATES = new HtmlTemplates(ComparisonSection.class);

  /** Number of rows in all tables together, which bounds the size of a page. */
  private static final int MAX_ROWS = 600;

  private static final int MIN_ROWS = 12;

  /** More than these are folded. */
  private static final int FEW = 3;

  private ComparisonSection() {}

  /** The part as HTML; empty without comparisons. The worst of many come first. */
  public static String html(List<ComparisonResult> results) {
    int rows =
        Math.min(
            ComparisonView.MAX_ROWS, Math.max(MIN_ROWS, MAX_ROWS / Math.max(1, results.size())));
    Stream<ComparisonResult> shown =
        results.size() > FEW
            ? results.stream().sorted(ComparisonResult.WORST_FIRST)
            : results.stream();
    return TEMPLATES.render(
        "comparisons",
        Map.of(
            "comparisons",
            shown.map(result -> ComparisonView.of(result, rows, results.size() > FEW)).toList(),
            "counts",
            counts(results)));
  }

  /** Such as {@code 2 FAIL, 1 PASS}. */
  private static String counts(List<ComparisonResult> results) {
    Map<Verdict, Integer> counts = new LinkedHashMap<>();
    results.stream()
        .sorted(ComparisonResult.WORST_FIRST)
        .forEach(result -> counts.merge(result.verdict(), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(
            each ->
                each.getValue()
                    + " "
                    + (each.getKey() == Verdict.NONE ? "no verdict" : each.getKey()))
        .collect(Collectors.joining(", "));
  }
}
