package dev.caravan.observe.report;

import dev.caravan.config.text.PythonText;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultRow;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said of a batch before and after, in the words of {@code run_aiperf.py}.
 *
 * @param batch the batch
 * @param folder its folder as people see it
 */
public record BatchLogLines(Batch batch, String folder) {

  /** The lines before the first run. */
  public List<String> opening() {
    List<String> lines = new ArrayList<>();
    boolean single = batch.config().sweeps().isEmpty();
    String running = "Running AIPerf with configuration: " + batch.record().sourceFile();
    lines.add(running);
    lines.add("Results root directory: " + folder);
    lines.add(
        "Sweeping parameters: " + (single ? "None" : PythonText.repr(batch.config().sweeps())));
    if (single) {
      lines.add(running);
      lines.add("Output directory: " + folder);
    } else {
      lines.add("Running " + batch.size() + " benchmarks");
    }
    return lines;
  }

  /** The lines after the last run. */
  public static List<String> closing(BatchSummary summary) {
    List<String> lines = new ArrayList<>();
    lines.add("SUMMARY");
    lines.add("Total runs : " + summary.total());
    lines.add("Completed  : " + summary.counters().of(Outcome.Counts.COMPLETED));
    lines.add("Failed     : " + summary.counters().of(Outcome.Counts.FAILED));
    addCount(lines, "Degraded   : ", summary.counters().of(Outcome.DEGRADED), " of the completed");
    addCount(lines, "Cancelled  : ", summary.counters().of(Outcome.CANCELLED), "");
    addCount(lines, "Not done   : ", summary.total() - summary.counters().ended(), "");
    return lines;
  }

  private static void addCount(List<String> lines, String name, int count, String after) {
    if (count > 0) {
      lines.add(name + count + after);
    }
  }

  /** One line on why the batch counts as failed: how many runs, and the first one's cause. */
  public static String failure(BatchSummary summary, List<ResultRow> rows, Outcome failOn) {
    boolean degradedToo = failOn == Outcome.DEGRADED;
    List<ResultRow> bad =
        rows.stream()
            .filter(
                row ->
                    row.outcome().counts() == Outcome.Counts.FAILED
                        || degradedToo && row.outcome() == Outcome.DEGRADED)
            .toList();
    String first =
        bad.stream()
            .findFirst()
            .map(row -> (row.folder().isEmpty() ? "" : row.folder() + ": ") + row.reason())
            .orElse("");
    String which = degradedToo ? " failed or were degraded" : " failed";
    return bad.size() + " of " + summary.total() + " runs" + which + ", the first one: " + first;
  }

  /** Whether the batch counts as failed when this outcome is the mildest that does. */
  public static boolean isFailure(BatchSummary summary, Outcome failOn) {
    return summary.counters().of(Outcome.Counts.FAILED) > 0
        || failOn == Outcome.DEGRADED && summary.counters().of(Outcome.DEGRADED) > 0;
  }
}
