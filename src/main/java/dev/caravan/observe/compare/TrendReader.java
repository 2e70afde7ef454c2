package dev.caravan.observe.compare;

import dev.caravan.analysis.BatchMean;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.compare.Trend.Line;
import dev.caravan.observe.compare.Trend.Value;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.SloText;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the trend of the batches of a name. */
public final class TrendReader {

  private static final String COMMIT = "label commit";

  private final BatchFinder finder;
  private final ComparedBatchReader reader = new ComparedBatchReader();
  private final CompareRules rules;
  private final int most;
  private final int mostRuns;

  /**
   * A reader for the home of these settings.
   *
   * @param metrics columns of {@code results.csv}; empty for the usual ones
   * @param most number of the newest batches of a name that are looked at
   */
  public static TrendReader of(Settings settings, List<String> metrics, int most) {
    return new TrendReader(BatchFinder.of(settings), metrics, most);
  }

  TrendReader(BatchFinder finder, List<String> metrics, int most) {
    this(finder, new CompareRules(metrics, Map.of(), Set.of()), most, Integer.MAX_VALUE);
  }

  private TrendReader(BatchFinder finder, CompareRules rules, int most, int mostRuns) {
    this.finder = finder;
    this.rules = rules;
    this.most = most;
    this.mostRuns = mostRuns;
  }

  /** The same reader for batches of at most so many runs together, the newest first. */
  public TrendReader ofMostRuns(int runs) {
    return new TrendReader(finder, rules, most, runs);
  }

  /**
   * The batches of these names.
   *
   * @throws IOException with words for the user when a name has no batch that has finished; one
   *     with too many runs is left out
   */
  public Trend read(List<String> names) throws IOException {
    List<String> leftOut = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    List<ReportMetric> metrics = List.of();
    for (String name : names) {
      Finished found = finished(name, leftOut);
      List<ComparedBatch> batches = found.batches();
      if (batches.isEmpty() && found.isCut()) {
        continue;
      }
      if (batches.isEmpty()) {
        throw new IOException(
            "there is no finished batch of the name \""
                + name
                + "\""
                + (leftOut.isEmpty() ? "" : "; left out: " + leftOut.get(leftOut.size() - 1)));
      }
      List<ComparedBatch> counted = counted(batches, leftOut);
      if (counted.isEmpty()) {
        continue;
      }
      ComparedSide newest = counting(counted.get(counted.size() - 1));
      metrics = metrics.isEmpty() ? metrics(newest, leftOut) : metrics;
      if (!metrics.isEmpty()) {
        List<ComparedSide> sides = counted.stream().map(TrendReader::counting).toList();
        ComparedSide whole = ComparedSide.of(counted.get(counted.size() - 1));
        Set<String> points = TrendPoints.of(whole, sides, metrics, leftOut);
        lines.addAll(points.isEmpty() ? List.of() : lines(name, counted, points, metrics, leftOut));
      }
    }
    return new Trend(metrics.stream().map(ReportMetric::column).toList(), lines, leftOut);
  }

  /**
   * Finished batches of a name.
   *
   * @param batches oldest first
   * @param isCut whether there are more, with too many runs
   */
  private record Finished(List<ComparedBatch> batches, boolean isCut) {}

  private Finished finished(String name, List<String> leftOut) throws IOException {
    List<ComparedBatch> batches = new ArrayList<>();
    List<Path> folders = finder.named(name).stream().limit(most).toList();
    boolean isCut = false;
    long runs = 0;
    for (Path folder : folders) {
      Optional<BatchSummary> summary = finishedSummary(folder);
      if (summary.isEmpty()) {
        leftOut.add(id(folder) + ": it has not finished");
        continue;
      }
      runs += summary.get().total();
      if (runs > mostRuns) {
        leftOut.add(tooManyRuns(folder, folders.size() - folders.indexOf(folder) - 1));
        isCut = true;
        break;
      }
      try {
        batches.add(reader.read(folder));
      } catch (IOException e) {
        leftOut.add(folder + ": " + e.getMessage());
      }
    }
    Collections.reverse(batches);
    return new Finished(batches, isCut);
  }

  /** The batches that have a run that counts. */
  private static List<ComparedBatch> counted(List<ComparedBatch> batches, List<String> leftOut) {
    List<ComparedBatch> counted = new ArrayList<>();
    for (ComparedBatch batch : batches) {
      if (counting(batch).runs().findAny().isPresent()) {
        counted.add(batch);
      } else {
        leftOut.add(batch.id() + ": no run counts");
      }
    }
    return counted;
  }

  /** The metrics to show; what was asked for and the newest batch lacks is left out. */
  private List<ReportMetric> metrics(ComparedSide newest, List<String> leftOut) {
    List<ReportMetric> metrics = MetricChoice.of(newest, newest, rules);
    List<String> columns = metrics.stream().map(ReportMetric::column).toList();
    List<String> missing =
        rules.metrics().stream().filter(column -> !columns.contains(column)).toList();
    if (!missing.isEmpty() || metrics.isEmpty()) {
      String what = missing.isEmpty() ? "The usual metrics" : String.join(", ", missing);
      leftOut.add(what + ": " + newest.name() + " has no values, or they may be 0");
    }
    return metrics;
  }

  private static String id(Path folder) {
    return folder.getParent().getFileName() + "/" + folder.getFileName();
  }

  /** The summary of a batch that has finished. */
  private static Optional<BatchSummary> finishedSummary(Path folder) {
    return BatchSummary.read(folder.resolve(BatchFolder.SUMMARY))
        .filter(summary -> summary.finishedAt().isPresent());
  }

  private String tooManyRuns(Path folder, int older) {
    return folder
        + (older > 0 ? " and " + older + " older" : "")
        + ": not read; at most "
        + mostRuns
        + " runs are read for a page, and `caravan trend` reads all";
  }

  private static ComparedSide counting(ComparedBatch batch) {
    return ComparedSide.of(batch).counting(new CountingRuns(Set.of())::counts);
  }

  /** The lines of the batches that have all metrics at all of these points of the newest one. */
  private static List<Line> lines(
      String name,
      List<ComparedBatch> batches,
      Set<String> points,
      List<ReportMetric> metrics,
      List<String> leftOut) {
    List<Line> lines = new ArrayList<>();
    TrendBreaks breaks = new TrendBreaks();
    for (ComparedBatch batch : batches) {
      ComparedSide counting = counting(batch);
      MeasuredValues measured = new MeasuredValues(counting.batches());
      List<Value> values =
          metrics.stream().flatMap(each -> value(measured, points, each).stream()).toList();
      if (values.size() < metrics.size()) {
        leftOut.add(batch.id() + ": it lacks values at points that the newest batch has");
      } else {
        lines.add(line(name, batch, counting, breaks.next(counting), values));
      }
    }
    return lines;
  }

  private static Line line(
      String name, ComparedBatch batch, ComparedSide counting, String changed, List<Value> values) {
    ComparedRun first = counting.runs().findFirst().orElseThrow();
    Path folder = Path.of(batch.folder());
    return new Line(
        name,
        batch.id(),
        batch.startedAt(),
        first.facts().getOrDefault(COMMIT, ""),
        first.client().getOrDefault(RunFacts.AIPERF, ""),
        changed,
        BatchVerdict.read(folder).map(each -> each.verdict().name()).orElse(""),
        BatchSummary.read(folder.resolve(BatchFolder.SUMMARY)).flatMap(SloText::brief).orElse(""),
        (int) counting.runs().count(),
        values);
  }

  /** What the rounds of a batch say of a metric, as in a comparison over all points. */
  private static Optional<Value> value(
      MeasuredValues measured, Set<String> points, ReportMetric metric) {
    List<double[]> values =
        points.stream().map(point -> measured.at(metric.column(), point).get(0)).toList();
    return BatchMean.of(values).map(each -> new Value(each.mean(), each.low(), each.high()));
  }
}
