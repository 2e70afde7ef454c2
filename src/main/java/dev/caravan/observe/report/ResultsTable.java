package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ResultRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A batch's results for people: one line a run under two lines of heads with the units, never wider
 * than asked for. Columns of figures that find no room are left out, the least telling first. A run
 * that failed shows why instead of figures; one that completed in part is marked {@code !}.
 */
public final class ResultsTable {

  /** No terminal is narrower; a smaller width is taken for this one. */
  private static final int NARROWEST = 40;

  private static final int GAP = 2;
  private static final int WIDEST_KEY_COLUMN = 32;

  /** What every failed run's words begin with tells nothing here. */
  private static final Pattern EXITED = Pattern.compile("^aiperf exited \\d+: ");

  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String PLAIN = "\u001b[0m";

  private final List<String> sweepKeys;
  private final int width;
  private final boolean colour;
  private final int attempts;

  /**
   * A table for a batch.
   *
   * @param sweepKeys its sweep keys, in the order written
   * @param width characters of a line at most
   * @param colour whether to mark failed and degraded runs by terminal colours too
   */
  public ResultsTable(List<String> sweepKeys, int width, boolean colour) {
    this(sweepKeys, width, colour, 1);
  }

  /**
   * A table for a batch whose runs are tried so often.
   *
   * @param attempts how often in all; attempts that were lost come on top
   */
  public ResultsTable(List<String> sweepKeys, int width, boolean colour, int attempts) {
    this.attempts = attempts;
    this.sweepKeys = List.copyOf(sweepKeys);
    this.width = Math.max(NARROWEST, width);
    this.colour = colour;
  }

  /** The table of these rows, in their order, each line ended by a line feed. */
  public String text(List<ResultRow> rows) {
    List<TextColumn> names = names(rows);
    List<TextColumn> figures = fitting(TableColumns.columns(rows), TextColumn.width(names, GAP));
    List<TextColumn> columns = new ArrayList<>(names);
    columns.addAll(figures);
    List<String> lines = new ArrayList<>(heads(columns));
    for (int i = 0; i < rows.size(); i++) {
      ResultRow row = rows.get(i);
      lines.add(coloured(row, completed(row) ? line(columns, i) : failed(names, row, i)));
    }
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  /** The columns that say which run it was and how it ended. */
  private List<TextColumn> names(List<ResultRow> rows) {
    List<TextColumn> columns = new ArrayList<>();
    for (int key = 0; key < sweepKeys.size(); key++) {
      int at = key;
      columns.add(
          TextColumn.ofKey(
              sweepKeys.get(key),
              rows.stream().map(row -> String.valueOf(row.sweep().get(at))).toList(),
              widestKey()));
    }
    columns.add(
        TextColumn.left("outcome", "", rows.stream().map(row -> word(row.outcome())).toList()));
    if (rows.stream().anyMatch(row -> row.attempt() > 1)) {
      List<String> made =
          rows.stream()
              .map(row -> row.attempt() + " of " + Math.max(row.attempt(), attempts))
              .toList();
      columns.add(TextColumn.right("attempt", "", made, 0));
    }
    return columns;
  }

  /** So that all keys and the outcome leave some room even on the narrowest terminal. */
  private int widestKey() {
    int share = (width - 20) / Math.max(1, sweepKeys.size()) - GAP;
    return Math.max(3, Math.min(WIDEST_KEY_COLUMN, share));
  }

  private List<TextColumn> fitting(List<TextColumn> figures, int taken) {
    List<TextColumn> kept = new ArrayList<>(figures);
    while (!kept.isEmpty() && taken + GAP + TextColumn.width(kept, GAP) > width) {
      kept.remove(Collections.max(kept, TextColumn.BY_RANK));
    }
    return kept;
  }

  private List<String> heads(List<TextColumn> columns) {
    return IntStream.range(0, 2)
        .mapToObj(i -> join(columns.stream().map(column -> column.head(i)).toList()))
        .filter(line -> !line.isBlank())
        .toList();
  }

  private String line(List<TextColumn> columns, int row) {
    return join(columns.stream().map(column -> column.cell(row)).toList());
  }

  private String failed(List<TextColumn> names, ResultRow row, int at) {
    String message = row.reason().isEmpty() ? row.cause().replace('_', ' ') : row.reason();
    List<String> cells = new ArrayList<>(names.stream().map(column -> column.cell(at)).toList());
    cells.add(OneLine.line(EXITED.matcher(message).replaceFirst(""), 500));
    return join(cells);
  }

  private String join(List<String> cells) {
    return OneLine.cut(String.join(" ".repeat(GAP), cells).stripTrailing(), width);
  }

  private static boolean completed(ResultRow row) {
    return row.outcome().counts() == Outcome.Counts.COMPLETED;
  }

  private static String word(Outcome outcome) {
    String word = outcome.value().replace('_', ' ');
    return switch (outcome) {
      case SUCCEEDED, CANCELLED -> word;
      case DEGRADED -> word + " !";
      default -> word.toUpperCase(Locale.ROOT);
    };
  }

  private String coloured(ResultRow row, String line) {
    if (!colour || row.outcome() == Outcome.SUCCEEDED || row.outcome() == Outcome.CANCELLED) {
      return line;
    }
    return (row.outcome() == Outcome.DEGRADED ? YELLOW : RED) + line + PLAIN;
  }
}
