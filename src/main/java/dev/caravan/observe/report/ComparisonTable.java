package dev.caravan.observe.report;

import dev.caravan.config.ConfigKeys;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.pipeline.outcome.OneLine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A comparison as text: a line a difference under two header lines, then what to know about it. The
 * table is never wider than the given width; its least important columns are left out first.
 */
public final class ComparisonTable {

  private static final int GAP = 2;
  private static final int MAX_POINT = 40;

  private final int width;

  /** A table of at most so many characters a line. */
  public ComparisonTable(int width) {
    this.width = Math.max(40, width);
  }

  /** The lines, each ending in a line feed; without the sentence. */
  public String text(ComparisonResult result) {
    List<String> lines = new ArrayList<>();
    if (!result.rows().isEmpty()) {
      List<TextColumn> columns = fitting(columns(result.rows()));
      lines.add(join(columns.stream().map(column -> column.header(0)).toList()));
      lines.add(join(columns.stream().map(column -> column.header(1)).toList()));
      IntStream.range(0, result.rows().size())
          .mapToObj(row -> join(columns.stream().map(column -> column.cell(row)).toList()))
          .forEach(lines::add);
    }
    lines.addAll(ComparisonText.remarks(result));
    return lines.stream()
        .filter(line -> !line.isBlank())
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** A point, which may be longer where there is room, as in a pipe. */
  private String point(Row row) {
    int most = Math.max(MAX_POINT, width / 3);
    String name = ComparisonText.point(row);
    if (name.length() > most) {
      for (Map.Entry<String, String> each : ConfigKeys.shortNames().entrySet()) {
        name = name.replace(each.getValue(), each.getKey());
      }
    }
    return OneLine.line(name, most);
  }

  private List<TextColumn> columns(List<Row> rows) {
    List<TextColumn> columns = new ArrayList<>();
    if (rows.stream().anyMatch(row -> row.overall() || !row.point().isEmpty())) {
      columns.add(TextColumn.left("point", "", cells(rows, this::point)));
    }
    columns.add(TextColumn.left("metric", "", cells(rows, ComparisonText::metric)));
    columns.add(
        TextColumn.right("base", "mean", cells(rows, r -> ComparisonText.value(r.base())), 3));
    columns.add(
        TextColumn.right("new", "mean", cells(rows, r -> ComparisonText.value(r.candidate())), 4));
    columns.add(TextColumn.right("n", "", cells(rows, ComparisonText::repeats), 2));
    columns.add(TextColumn.right("change", "", cells(rows, ComparisonText::change), 0));
    columns.add(TextColumn.right("95 %", "interval", cells(rows, ComparisonText::interval), 1));
    columns.add(TextColumn.right("p", "(Holm)", cells(rows, ComparisonText::probability), 5));
    columns.add(TextColumn.left("", "", cells(rows, ComparisonText::kind)));
    return columns;
  }

  private static List<String> cells(List<Row> rows, Function<Row, String> cell) {
    return rows.stream().map(cell).toList();
  }

  private List<TextColumn> fitting(List<TextColumn> columns) {
    List<TextColumn> kept = new ArrayList<>(columns);
    while (TextColumn.width(kept, GAP) > width
        && kept.stream().anyMatch(column -> column.rank() > 0)) {
      kept.remove(Collections.max(kept, TextColumn.BY_RANK));
    }
    return kept;
  }

  private String join(List<String> cells) {
    return OneLine.cut(String.join(" ".repeat(GAP), cells).stripTrailing(), width);
  }
}
