package dev.caravan.observe.compare;

import dev.caravan.config.settings.Settings;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ReportMetric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The comparisons in a report: of further batches with the first, or of variants of the only one.
 */
public final class ReportComparisons {

  private ReportComparisons() {}

  /**
   * The comparisons of the batches in these folders, in their order.
   *
   * @param metrics the metrics to compare; the usual ones when it is empty
   * @throws IOException when a folder holds no run
   */
  public static List<ComparisonResult> of(
      Settings settings, List<Path> folders, List<ReportMetric> metrics) throws IOException {
    List<String> columns =
        metrics.stream().filter(MetricChoice::isComparable).map(ReportMetric::column).toList();
    Comparisons comparisons =
        Comparisons.of(settings, new CompareRules(columns, Map.of(), Set.of()));
    List<String> names =
        folders.stream().map(folder -> folder.toAbsolutePath().normalize().toString()).toList();
    if (names.size() == 1) {
      return comparisons.hasVariants(names.get(0)) ? comparisons.compare(names.get(0)) : List.of();
    }
    List<ComparisonResult> results = new ArrayList<>();
    for (String name : names.subList(1, names.size())) {
      results.add(comparisons.compare(names.get(0), name));
    }
    return results;
  }
}
