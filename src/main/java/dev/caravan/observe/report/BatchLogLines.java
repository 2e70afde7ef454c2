package dev.caravan.observe.report;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.text.Plural;
import dev.caravan.config.text.PythonText;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.SearchText;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RegularFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The log lines before and after the runs of a batch, as {@code run_aiperf.py} writes them.
 *
 * @param batch the batch
 * @param folder its folder as shown to users
 */
public record BatchLogLines(Batch batch, String folder) {

  /** The lines before the first run. */
  public List<String> opening() {
    return opening(batch.config(), batch.record().sourceFile(), folder);
  }

  /** The lines before the first run of this config, whose batch goes to {@code folder}. */
  public static List<String> opening(BenchmarkConfig config, String sourceFile, String folder) {
    List<String> lines = new ArrayList<>();
    Sweep sweep = new Sweep(config);
    boolean single = sweep.keys().isEmpty() && !sweep.isCompared();
    String running = "Running AIPerf with configuration: " + sourceFile;
    Map<String, Object> swept = new LinkedHashMap<>(config.varied());
    config.matrix().search().ifPresent(search -> swept.remove(search.key()));
    lines.add(running);
    lines.add("Results root directory: " + folder);
    lines.add("Sweeping parameters: " + (swept.isEmpty() ? "None" : PythonText.repr(swept)));
    config
        .matrix()
        .search()
        .ifPresent(search -> lines.add("Searching: " + SearchText.plan(config)));
    if (single) {
      lines.add(running);
      lines.add("Output directory: " + folder);
    } else {
      lines.add(
          "Running " + Plural.atMost(sweep.search().isPresent()) + sweep.runs() + " benchmarks");
    }
    prompts(config).ifPresent(lines::add);
    return lines;
  }

  /**
   * Says that runs do not send the same prompts, as is the default with repeats and variants; empty
   * when they do.
   */
  public static Optional<String> prompts(BenchmarkConfig config) {
    return config.variesPrompts()
        ? Optional.of("Prompts vary: each run and attempt sends its own (vary_prompts)")
        : Optional.empty();
  }

  /** The lines after the last run; those after {@code Failed} are Caravan's own. */
  public static List<String> closing(BatchSummary summary) {
    List<String> lines =
        closing(
            summary.total(),
            summary.counters().of(Outcome.Counts.COMPLETED),
            summary.counters().of(Outcome.Counts.FAILED));
    addCount(lines, "Degraded   : ", summary.counters().of(Outcome.DEGRADED), " of the completed");
    addCount(lines, "Cancelled  : ", summary.counters().of(Outcome.CANCELLED), "");
    addCount(lines, "Not done   : ", summary.total() - summary.counters().ended(), "");
    lines.addAll(summary.searchLines());
    return lines;
  }

  /** Where the report of the batch is; empty when there is none. */
  public Optional<String> report() {
    return RegularFiles.exists(batch.folder().resolve(BatchFolder.REPORT))
        ? Optional.of(report(folder))
        : Optional.empty();
  }

  /** Where the report of a batch in this folder is. */
  public static String report(String folder) {
    return "Report     : " + folder + "/" + BatchFolder.REPORT;
  }

  /** The lines after the last run, for these numbers of runs. */
  public static List<String> closing(int total, int completed, int failed) {
    return new ArrayList<>(
        List.of(
            "SUMMARY",
            "Total runs : " + total,
            "Completed  : " + completed,
            "Failed     : " + failed));
  }

  private static void addCount(List<String> lines, String name, int count, String suffix) {
    if (count > 0) {
      lines.add(name + count + suffix);
    }
  }

  /** One line on why the batch counts as failed: the number of bad runs and the first reason. */
  public static String failure(BatchSummary summary, List<ResultRow> rows, FailOn failOn) {
    Optional<String> unanswered = summary.search().flatMap(SearchSummary::unanswered);
    if (unanswered.isPresent()) {
      return unanswered.get();
    }
    List<ResultRow> bad = rows.stream().filter(failOn::isFailure).toList();
    String first =
        bad.stream()
            .findFirst()
            .map(row -> (row.folder().isEmpty() ? "" : row.folder() + ": ") + reason(row))
            .orElse("");
    return bad.size() + " of " + summary.total() + " runs " + failOn.verb() + "; first: " + first;
  }

  private static String reason(ResultRow row) {
    return row.reason().isEmpty()
        ? row.checks().stream().findFirst().map(FindingLines::text).orElse(row.cause())
        : row.reason();
  }
}
