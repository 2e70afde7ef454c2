package dev.caravan.cli;

import dev.caravan.observe.report.ResultsTable;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ResultRow;
import java.util.List;

/** The terminal that commands print results to. */
public final class Console {

  private static final int DEFAULT_WIDTH = 120;
  private static final int MAX_SENTENCE = 2_000;

  private Console() {}

  /** Columns of the terminal by {@code COLUMNS}; 120 when it is unset or invalid. */
  public static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9]\\d{1,3}")
        ? Integer.parseInt(columns)
        : DEFAULT_WIDTH;
  }

  /** Prints a sentence as a line of stderr. */
  public static void sentence(String text) {
    System.err.println(line(text));
  }

  /** A sentence that may have texts of others in it, on one line. */
  static String line(String text) {
    return OneLine.line(text, MAX_SENTENCE);
  }

  /** Prints a table of results to stdout. */
  public static void print(ResultsTable table, List<ResultRow> rows) {
    System.out.println(table.text(rows));
    System.out.flush();
  }
}
