package dev.caravan.pipeline.outcome;

import dev.caravan.analysis.RepeatedValue;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.checks.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A batch's {@code groups.csv}: a header line, then one line for each variant and point of which a
 * run has ended, in the order of the plan, with the spread of its repeats. Its cells are written as
 * those of {@link ResultsCsv}.
 */
final class GroupsCsv {

  /** The metrics whose spread is shown. */
  static final List<Metric> METRICS =
      List.of(
          Metric.REQUEST_THROUGHPUT,
          Metric.TOKENS_PER_SECOND,
          Metric.TTFT_P50,
          Metric.TTFT_P99,
          Metric.ITL_P50,
          Metric.LATENCY_P50,
          Metric.LATENCY_P99);

  private static final List<String> LEADING = List.of("variant", "point");
  private static final List<String> COUNTS = List.of("runs", "n");
  private static final List<String> VALUES = List.of("_mean", "_low", "_high", "_cv_pct");
  private static final List<String> MARKS = List.of("noisy", "degraded", "checks");
  private static final String SEPARATOR = ";";

  private final Sweep sweep;

  /** The table of a batch with these runs. */
  GroupsCsv(Sweep sweep) {
    this.sweep = sweep;
  }

  /** The names of all columns. */
  List<String> columns() {
    List<String> trailing =
        Stream.of(
                COUNTS.stream(),
                METRICS.stream()
                    .flatMap(metric -> VALUES.stream().map(value -> metric.column() + value)),
                MARKS.stream())
            .flatMap(names -> names)
            .toList();
    LinkedHashSet<String> others = new LinkedHashSet<>(LEADING);
    others.addAll(trailing);
    return Stream.of(LEADING, new VariedColumns(others).of(sweep.keys()), trailing)
        .flatMap(List::stream)
        .toList();
  }

  /** The content of the file with these rows of the batch. */
  byte[] bytes(Collection<ResultRow> rows) {
    List<List<ResultRow>> groups = RepeatedRows.of(rows);
    StringBuilder file = new StringBuilder(1024 + 512 * groups.size());
    file.append(CsvCells.line(columns().stream().map(CsvCells::text).toList()));
    groups.stream()
        .sorted(Comparator.comparingInt(this::positionInPlan))
        .forEach(group -> file.append(CsvCells.line(cells(group))));
    return file.toString().getBytes(StandardCharsets.UTF_8);
  }

  private int positionInPlan(List<ResultRow> group) {
    return sweep.group(group.get(0).runIndex());
  }

  private static List<String> cells(List<ResultRow> ended) {
    ResultRow first = ended.get(0);
    List<ResultRow> counting = ended.stream().filter(row -> row.outcome().isCompleted()).toList();
    List<String> cells = new ArrayList<>();
    cells.add(CsvCells.text(first.place().variant()));
    cells.add(CsvCells.text(first.place().point()));
    first.sweep().forEach(value -> cells.add(CsvCells.value(value)));
    cells.add(Integer.toString(ended.size()));
    cells.add(Integer.toString(counting.size()));
    List<String> noisy = new ArrayList<>();
    for (Metric metric : METRICS) {
      RepeatedValue value = spread(metric, counting);
      cells.addAll(cells(value));
      if (value.isNoisy(metric.column())) {
        noisy.add(metric.column());
      }
    }
    cells.add(String.join(SEPARATOR, noisy));
    cells.add(Long.toString(counting.stream().filter(GroupsCsv::isDegraded).count()));
    cells.add(checks(counting));
    return cells;
  }

  private static boolean isDegraded(ResultRow row) {
    return row.outcome() == Outcome.DEGRADED;
  }

  /** What the checks found beyond notes, the worst of each. */
  private static String checks(List<ResultRow> rows) {
    FindingCounts counts = new FindingCounts();
    rows.forEach(row -> counts.add(row.checks()));
    return counts.found().stream()
        .filter(found -> found.worst() != Level.NOTE)
        .map(found -> found.id() + "=" + found.worst().value())
        .collect(Collectors.joining(SEPARATOR));
  }

  private static RepeatedValue spread(Metric metric, List<ResultRow> rows) {
    return RepeatedValue.of(
        rows.stream().mapToDouble(row -> row.metrics().get(metric).orElse(Double.NaN)).toArray());
  }

  private static List<String> cells(RepeatedValue value) {
    return Stream.of(value.mean(), value.low(), value.high(), value.cv() * 100)
        .map(GroupsCsv::cell)
        .toList();
  }

  private static String cell(double value) {
    return CsvCells.number(
        Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty());
  }
}
