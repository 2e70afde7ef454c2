package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.Plain;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A column of a table of text.
 *
 * @param name first line of its head
 * @param unit second line of its head; may be empty
 * @param cells its cells, safe to print
 * @param right whether it is set to the right, as numbers are
 * @param rank the higher, the earlier it is left out
 * @param width characters it takes
 */
record Column(String name, String unit, List<String> cells, boolean right, int rank, int width) {

  static final Comparator<Column> BY_RANK = Comparator.comparingInt(Column::rank);

  private static final int BROKEN_FROM = 12;

  Column {
    cells = List.copyOf(cells);
  }

  static Column left(String name, String unit, List<String> cells) {
    return new Column(name, unit, cells, false, 0, widest(name, unit, cells));
  }

  static Column right(String name, String unit, List<String> cells, int rank) {
    return new Column(name, unit, cells, true, rank, widest(name, unit, cells));
  }

  /**
   * A sweep key's column, right-aligned when all its values are numbers; a long key is broken over
   * the two lines of its head, and what is wider than {@code most} is cut.
   */
  static Column ofKey(String key, List<String> values, int most) {
    List<String> cells = values.stream().map(value -> Plain.line(value, most)).toList();
    int broken = key.length() <= BROKEN_FROM ? -1 : key.indexOf('_', key.length() / 2 - 4);
    String name = Plain.line(broken < 0 ? key : key.substring(0, broken + 1), most);
    String unit = broken < 0 ? "" : Plain.line(key.substring(broken + 1), most);
    boolean numbers = values.stream().allMatch(value -> value.matches("[+-]?\\d+(\\.\\d+)?"));
    return new Column(name, unit, cells, numbers, 0, widest(name, unit, cells));
  }

  /** A line of its head: 0 is the name, 1 the unit. */
  String head(int line) {
    return padded(line == 0 ? name : unit);
  }

  String cell(int row) {
    return padded(cells.get(row));
  }

  /** Width of these columns side by side. */
  static int width(List<Column> columns, int gap) {
    return columns.stream().mapToInt(c -> c.width() + gap).sum() - (columns.isEmpty() ? 0 : gap);
  }

  private static int widest(String name, String unit, List<String> cells) {
    return Stream.concat(Stream.of(name, unit), cells.stream())
        .mapToInt(Column::length)
        .max()
        .orElse(0);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private String padded(String text) {
    String pad = " ".repeat(Math.max(0, width - length(text)));
    return right ? pad + text : text + pad;
  }
}
