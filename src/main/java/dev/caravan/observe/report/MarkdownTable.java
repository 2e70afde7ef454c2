package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table in GitHub's Markdown. Text in its cells is escaped: nothing in it becomes markup, a link
 * or a mention of a person.
 */
final class MarkdownTable {

  private static final int LONGEST_CELL = 200;

  private final List<String> heads;
  private final int textColumns;
  private final List<String> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param textColumns how many columns at its left hold text; the others hold numbers
   */
  MarkdownTable(List<String> heads, int textColumns) {
    this.heads = List.copyOf(heads);
    this.textColumns = textColumns;
  }

  /** Adds a row; cells that are missing at its end stay empty. */
  void row(List<String> cells) {
    List<String> all = new ArrayList<>(cells.stream().map(MarkdownTable::escaped).toList());
    while (all.size() < heads.size()) {
      all.add("");
    }
    rows.add(line(all));
  }

  int size() {
    return rows.size();
  }

  /** The table with these of its rows, each line ended by a line feed; empty without rows. */
  String text(int from, int to) {
    if (from >= to) {
      return "";
    }
    List<String> under = new ArrayList<>();
    for (int column = 0; column < heads.size(); column++) {
      under.add(column < textColumns ? ":--" : "--:");
    }
    return line(heads.stream().map(MarkdownTable::escaped).toList())
        + line(under)
        + String.join("", rows.subList(from, to));
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** Text that stands for itself in Markdown. */
  static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    OneLine.line(text, LONGEST_CELL)
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
