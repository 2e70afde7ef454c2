package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A column of a text table.
 *
 * @param name first header line
 * @param unit second header line; may be empty
 * @param cells its cells, safe to print
 * @param right whether it is right-aligned, as numbers are
 * @param rank columns with a higher rank are left out first
 * @param width its width in characters
 */
record TextColumn(
    String name, String unit, List<String> cells, boolean right, int rank, int width) {

  static final Comparator<TextColumn> BY_RANK = Comparator.comparingInt(TextColumn::rank);

  private static final int WRAP_LENGTH = 12;

  TextColumn {
    cells = List.copyOf(cells);
  }

  static TextColumn left(String name, String unit, List<String> cells) {
    return new TextColumn(name, unit, cells, false, 0, maxLength(name, unit, cells));
  }

  static TextColumn right(String name, String unit, List<String> cells, int rank) {
    return new TextColumn(name, unit, cells, true, rank, maxLength(name, unit, cells));
  }

  /**
   * A sweep key's column, right-aligned when all its values are numbers. A long key is wrapped over
   * the two header lines, and texts longer than {@code maxWidth} are cut.
   */
  static TextColumn ofKey(String key, List<String> values, int maxWidth) {
    List<String> cells = values.stream().map(value -> OneLine.line(value, maxWidth)).toList();
    int wrapAt = key.length() <= WRAP_LENGTH ? -1 : key.indexOf('_', key.length() / 2 - 4);
    String name = OneLine.line(wrapAt < 0 ? key : key.substring(0, wrapAt + 1), maxWidth);
    String unit = wrapAt < 0 ? "" : OneLine.line(key.substring(wrapAt + 1), maxWidth);
    boolean numeric = values.stream().allMatch(value -> value.matches("[+-]?\\d+(\\.\\d+)?"));
    return new TextColumn(name, unit, cells, numeric, 0, maxLength(name, unit, cells));
  }

  /** A header line: 0 is the name, 1 the unit. */
  String header(int line) {
    return padded(line == 0 ? name : unit);
  }

  String cell(int row) {
    return padded(cells.get(row));
  }

  /** Total width of these columns, with gaps. */
  static int width(List<TextColumn> columns, int gap) {
    return columns.stream().mapToInt(c -> c.width() + gap).sum() - (columns.isEmpty() ? 0 : gap);
  }

  private static int maxLength(String name, String unit, List<String> cells) {
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
