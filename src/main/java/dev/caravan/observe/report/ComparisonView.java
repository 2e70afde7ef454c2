package dev.caravan.observe.report;

import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * A comparison as the template of a page shows it.
 *
 * @param sentence the verdict in words
 * @param kind the verdict, for the style sheet
 * @param rows the first rows of the table
 * @param more number of rows that are left out
 * @param remarks what to know when reading it
 * @param folded whether the reader opens the table, as it is long or there are several
 */
public record ComparisonView(
    String sentence, String kind, List<Line> rows, int more, List<String> remarks, boolean folded) {

  /** A longer table pushes the plots down. */
  private static final int LONG = 15;

  /** A longer table hides what matters. */
  static final int MAX_ROWS = 300;

  /**
   * A row of the table.
   *
   * @param kind what the difference is, for the style sheet
   */
  public record Line(
      String point,
      String metric,
      String base,
      boolean baseIsRough,
      String candidate,
      boolean candidateIsRough,
      String n,
      String change,
      String interval,
      String probability,
      String words,
      String kind) {

    static Line of(Row row) {
      return new Line(
          ComparisonText.point(row),
          ComparisonText.metric(row),
          ComparisonText.value(row.base()),
          row.base().rough(),
          ComparisonText.value(row.candidate()),
          row.candidate().rough(),
          ComparisonText.repeats(row),
          ComparisonText.change(row),
          ComparisonText.interval(row),
          ComparisonText.probability(row),
          ComparisonText.kind(row),
          style(row.kind()));
    }

    private static String style(Kind kind) {
      return kind.name().toLowerCase(Locale.ROOT);
    }
  }

  /** A comparison with at most so many rows; what is worse comes before what is left out. */
  static ComparisonView of(ComparisonResult result, int rows, boolean folded) {
    return new ComparisonView(
        result.sentence(),
        result.verdict().name().toLowerCase(Locale.ROOT),
        shown(result.rows(), rows).stream().map(Line::of).toList(),
        Math.max(0, result.rows().size() - rows),
        ComparisonText.remarks(result),
        folded || result.rows().size() > LONG);
  }

  private static List<Row> shown(List<Row> all, int rows) {
    Comparator<Row> worstFirst =
        Comparator.comparing((Row row) -> !row.overall())
            .thenComparing(row -> row.kind() != Kind.WORSE);
    return all.size() <= rows ? all : all.stream().sorted(worstFirst).limit(rows).toList();
  }
}
