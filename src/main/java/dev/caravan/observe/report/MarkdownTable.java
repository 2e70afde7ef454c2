package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table in GitHub Flavored Markdown. Cell text is escaped, so that nothing in it becomes markup,
 * a link or a mention.
 */
final class MarkdownTable {

  private static final int MAX_CELL = 200;

  /** Characters that the text around folded rows takes. */
  private static final int FRAME = 200;

  private final List<String> headers;
  private final int textColumns;
  private final List<String> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param textColumns number of left-aligned columns; the rest hold numbers
   */
  MarkdownTable(List<String> headers, int textColumns) {
    this.headers = List.copyOf(headers);
    this.textColumns = textColumns;
  }

  /** Adds a row; missing cells at its end stay empty. */
  void row(List<String> cells) {
    List<String> all = new ArrayList<>(cells.stream().map(MarkdownTable::escaped).toList());
    while (all.size() < headers.size()) {
      all.add("");
    }
    rows.add(line(all));
  }

  int size() {
    return rows.size();
  }

  /**
   * The table with rows {@code from} to before {@code to}, each line ending in a line feed; empty
   * without rows.
   */
  String text(int from, int to) {
    if (from >= to) {
      return "";
    }
    List<String> alignments = new ArrayList<>();
    for (int column = 0; column < headers.size(); column++) {
      alignments.add(column < textColumns ? ":--" : "--:");
    }
    return line(headers.stream().map(MarkdownTable::escaped).toList())
        + line(alignments)
        + String.join("", rows.subList(from, to));
  }

  /**
   * Appends the table to a text: so many rows, the others folded, as many as fit.
   *
   * @param maxLength maximum number of characters of the text
   */
  void appendTo(StringBuilder text, int rowsShown, int maxLength) {
    int shown = Math.min(rowsShown, size());
    text.append(text(0, shown));
    int last = size();
    String more = text(shown, last);
    while (last > shown && text.length() + more.length() + FRAME > maxLength) {
      last = shown + (last - shown) / 2;
      more = text(shown, last);
    }
    if (last > shown) {
      text.append("\n<details><summary>")
          .append(last - shown)
          .append(" more rows</summary>\n\n")
          .append(more)
          .append("\n</details>\n");
    }
    if (last < size()) {
      text.append("\n").append(size() - last).append(" rows omitted.\n");
    }
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** Text escaped for Markdown, on one line. */
  static String escaped(String text) {
    return escaped(text, MAX_CELL);
  }

  /** The same, cut to {@code max} characters before. */
  static String escaped(String text, int max) {
    StringBuilder safe = new StringBuilder();
    OneLine.line(text, max)
        .chars()
        .forEach(
            c -> {
              if ("\\`*_[]|#~!".indexOf(c) >= 0) {
                safe.append('\\').append((char) c);
              } else if ("<>&@".indexOf(c) >= 0) {
                safe.append("&#").append(c).append(';');
              } else {
                safe.append((char) c);
              }
            });
    return safe.toString();
  }
}
