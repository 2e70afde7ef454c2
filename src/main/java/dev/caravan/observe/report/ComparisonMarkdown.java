package dev.caravan.observe.report;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Comparisons as Markdown for a pull request: the sentence, a table with further rows folded, and
 * what to know about it. It has at most {@value MarkdownReport#MAX_LENGTH} characters.
 */
public final class ComparisonMarkdown {

  private static final int ROWS = 20;
  private static final int MAX_LINE = 1_000;

  private ComparisonMarkdown() {}

  /** The text, the worst comparison first: its first line is that one's sentence. */
  public static String text(List<ComparisonResult> results) {
    return text(results, MarkdownReport.MAX_LENGTH);
  }

  /** The same with at most so many characters, as far as that is enough for what is not a table. */
  static String text(List<ComparisonResult> results, int length) {
    int share = length / Math.max(1, results.size());
    return results.stream()
        .sorted(ComparisonResult.WORST_FIRST)
        .map(result -> text(result, share))
        .collect(Collectors.joining("\n"));
  }

  private static String text(ComparisonResult result, int length) {
    StringBuilder text = new StringBuilder();
    text.append(sentence(result)).append("\n\n");
    MarkdownTable table = table(result);
    String remarks =
        ComparisonText.remarks(result).stream()
            .map(line -> "- " + MarkdownTable.escaped(line, MAX_LINE) + "\n")
            .collect(Collectors.joining());
    table.appendTo(text, ROWS, length - remarks.length());
    return text.append(table.size() == 0 || remarks.isEmpty() ? "" : "\n")
        .append(remarks)
        .toString();
  }

  private static String sentence(ComparisonResult result) {
    String sentence = MarkdownTable.escaped(result.sentence(), MAX_LINE);
    return result.verdict() == Verdict.NONE ? sentence : "**" + sentence.replaceFirst(" ", "** ");
  }

  private static MarkdownTable table(ComparisonResult result) {
    MarkdownTable table =
        new MarkdownTable(
            List.of("point", "metric", "base", "new", "n", "change", "95 % interval", "p", ""), 2);
    for (Row row : result.rows()) {
      table.row(
          List.of(
              ComparisonText.point(row),
              ComparisonText.metric(row),
              ComparisonText.value(row.base()),
              ComparisonText.value(row.candidate()),
              ComparisonText.repeats(row),
              ComparisonText.change(row),
              ComparisonText.interval(row),
              ComparisonText.probability(row),
              row.kind() == Kind.WORSE
                  ? "⚠ " + ComparisonText.kind(row)
                  : ComparisonText.kind(row)));
    }
    return table;
  }
}
