package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
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
record TextColumn(
    String name, String unit, List<String> cells, boolean right, int rank, int width) {

  static final Comparator<TextColumn> BY_RANK = Comparator.comparingInt(TextColumn::rank);

  private static final int BROKEN_FROM = 12;

  TextColumn {
    cells = List.copyOf(cells);
  }

  static TextColumn left(String name, String unit, List<String> cells) {
    return new TextColumn(name, unit, cells, false, 0, widest(name, unit, cells));
  }

  static TextColumn right(String name, String unit, List<String> cells, int rank) {
    return new TextColumn(name, unit, cells, true, rank, widest(name, unit, cells));
  }

  /**
   * A sweep key's column, right-aligned when all its values are numbers; a long key is broken over
   * the two lines of its head, and what is wider than {@code most} is cut.
   */
  static TextColumn ofKey(String key, List<String> values, int most) {
    List<String> cells = values.stream().map(value -> OneLine.line(value, most)).toList();
    int broken = key.length() <= BROKEN_FROM ? -1 : key.indexOf('_', key.length() / 2 - 4);
    String name = OneLine.line(broken < 0 ? key : key.substring(0, broken + 1), most);
    String unit = broken < 0 ? "" : OneLine.line(key.substring(broken + 1), most);
    boolean numbers = values.stream().allMatch(value -> value.matches("[+-]?\\d+(\\.\\d+)?"));
    return new TextColumn(name, unit, cells, numbers, 0, widest(name, unit, cells));
  }

  /** A line of its head: 0 is the name, 1 the unit. */
  String head(int line) {
    return padded(line == 0 ? name : unit);
  }

  String cell(int row) {
    return padded(cells.get(row));
  }

  /** Width of these columns side by side. */
  static int width(List<TextColumn> columns, int gap) {
    return columns.stream().mapToInt(c -> c.width() + gap).sum() - (columns.isEmpty() ? 0 : gap);
  }

  private static int widest(String name, String unit, List<String> cells) {
    return Stream.concat(Stream.of(name, unit), cells.stream())
        .mapToInt(TextColumn::length)
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
