package dev.caravan.observe.compare;

import dev.caravan.observe.compare.Trend.Line;
import dev.caravan.observe.compare.Trend.Value;
import dev.caravan.observe.report.Rounding;
import dev.caravan.pipeline.outcome.CsvCells;
import dev.caravan.pipeline.outcome.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A trend as CSV and as a table of a terminal. */
public final class TrendText {

  private static final List<String> COLUMNS =
      List.of("time", "batch", "commit", "aiperf", "changed", "verdict", "slo", "runs");
  private static final int MAX_CELL = 40;

  private TrendText() {}

  /** A header line, and a line a batch. */
  public static String csv(Trend trend) {
    List<String> header = new ArrayList<>(COLUMNS);
    trend
        .metrics()
        .forEach(metric -> header.addAll(List.of(metric, metric + "_low", metric + "_high")));
    StringBuilder text = new StringBuilder(CsvCells.line(header));
    for (Line line : trend.lines()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  CsvCells.text(line.time()),
                  CsvCells.text(line.batch()),
                  CsvCells.text(line.commit()),
                  CsvCells.text(line.aiperf()),
                  CsvCells.text(line.changed()),
                  line.verdict(),
                  line.slo(),
                  String.valueOf(line.runs())));
      for (Value value : line.values()) {
        cells.add(CsvCells.number(OptionalDouble.of(value.mean())));
        cells.add(CsvCells.number(value.low()));
        cells.add(CsvCells.number(value.high()));
      }
      text.append(CsvCells.line(cells));
    }
    return text.toString();
  }

  /** A line a batch with mean and interval, and one where they become another thing. */
  public static String table(Trend trend, int width) {
    StringBuilder text = new StringBuilder();
    for (Line line : trend.lines()) {
      if (line.breaks()) {
        text.append(OneLine.line("-- " + line.changed(), width)).append('\n');
      }
      text.append(OneLine.cut(row(trend, line), width)).append('\n');
    }
    trend
        .leftOut()
        .forEach(why -> text.append(OneLine.line("Left out: " + why, width)).append('\n'));
    return text.toString();
  }

  /** The verdict before the figures, which a narrow terminal cuts off. */
  private static String row(Trend trend, Line line) {
    List<String> cells = new ArrayList<>();
    cells.add(OneLine.line(line.batch(), MAX_CELL));
    cells.add(OneLine.line(line.commit(), MAX_CELL));
    cells.add(line.verdict());
    cells.add(line.slo().isEmpty() ? "" : "slo " + line.slo());
    for (int at = 0; at < trend.metrics().size(); at++) {
      cells.add(trend.metrics().get(at) + " " + cell(line.values().get(at)));
    }
    return String.join("  ", cells.stream().filter(cell -> !cell.isEmpty()).toList());
  }

  private static String cell(Value value) {
    String mean = Rounding.of(value.mean());
    return value.low().isEmpty()
        ? mean
        : mean
            + " ["
            + Rounding.of(value.low().getAsDouble())
            + ", "
            + Rounding.of(value.high().orElseThrow())
            + "]";
  }
}
