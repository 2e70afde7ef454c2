package dev.caravan.cli;

import dev.caravan.model.Batch;
import dev.caravan.observe.report.ResultsTable;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ResultRow;
import java.util.List;

/** The terminal that commands print results to. */
public final class Console {

  private static final int MAX_SENTENCE = 2_000;

  private Console() {}

  /** The maximum of characters in a line of a table. */
  static int width() {
    return Stdout.ofProcess().width();
  }

  /** Prints a sentence as a line of stderr. */
  public static void sentence(String text) {
    System.err.println(line(text));
  }

  /** A sentence that may have texts of others in it, on one line. */
  static String line(String text) {
    return OneLine.line(text, MAX_SENTENCE);
  }

  /** Prints the results of a batch to stdout as a table. */
  public static void printResults(
      Batch batch, List<String> sweepKeys, List<ResultRow> rows, List<String> answers) {
    Stdout stdout = Stdout.ofProcess();
    ResultsTable table =
        new ResultsTable(
            sweepKeys,
            stdout.width(),
            stdout.colour(),
            batch.config().retry().attempts(),
            batch.config().evaluation().slo(),
            answers);
    System.out.println(table.text(rows));
    System.out.flush();
  }
}
