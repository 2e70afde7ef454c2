package dev.caravan.observe.report;

import dev.caravan.config.Slo;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.SloResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A batch's results as text: one line per run under two header lines with names and units, never
 * wider than the given width. Metric columns that do not fit are left out, the least important
 * first. A failed run shows its reason instead of metrics; a degraded one is marked {@code !}. What
 * the checks found stands under its run, notes in one line at the end.
 */
public final class ResultsTable {

  /** Smaller widths are raised to this one. */
  private static final int MIN_WIDTH = 40;

  private static final int GAP = 2;
  private static final int MAX_KEY_COLUMN = 32;

  /** The usual prefix of failure reasons, left out of the table. */
  private static final Pattern ALL_FAILED =
      Pattern.compile("^all [\\d,]{1,20} (?:warm-up )?requests failed: ");

  private static final Pattern EXIT_PREFIX = Pattern.compile("^aiperf exited \\d+: ");

  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String RESET = "\u001b[0m";

  private final List<String> sweepKeys;
  private final int width;
  private final boolean colour;
  private final int attempts;
  private final List<Slo> slo;
  private final List<String> answers;
  private final FindingLines findings;

  /**
   * A table for a batch.
   *
   * @param sweepKeys its sweep keys, in the order written
   * @param width maximum characters per line
   * @param colour whether to also mark failed and degraded runs in colour
   */
  public ResultsTable(List<String> sweepKeys, int width, boolean colour) {
    this(sweepKeys, width, colour, 1);
  }

  /**
   * A table for a batch with retries.
   *
   * @param attempts maximum attempts per run, not counting lost ones
   */
  public ResultsTable(List<String> sweepKeys, int width, boolean colour, int attempts) {
    this(sweepKeys, width, colour, attempts, List.of());
  }

  /**
   * A table for a batch with retries and bounds.
   *
   * @param attempts maximum attempts per run, not counting lost ones
   * @param slo the bounds that its runs should keep
   */
  public ResultsTable(
      List<String> sweepKeys, int width, boolean colour, int attempts, List<Slo> slo) {
    this(sweepKeys, width, colour, attempts, slo, List.of());
  }

  /**
   * A table for a batch with a search.
   *
   * @param attempts maximum attempts per run, not counting lost ones
   * @param slo the bounds that its runs should keep
   * @param answers what the search found, a line each
   */
  public ResultsTable(
      List<String> sweepKeys,
      int width,
      boolean colour,
      int attempts,
      List<Slo> slo,
      List<String> answers) {
    this.slo = List.copyOf(slo);
    this.answers = List.copyOf(answers);
    this.attempts = attempts;
    this.sweepKeys = List.copyOf(sweepKeys);
    this.width = Math.max(MIN_WIDTH, width);
    this.findings = new FindingLines(this.width);
    this.colour = colour;
  }

  /** The table of these rows, in their order, each line ending in a line feed. */
  public String text(List<ResultRow> rows) {
    List<TextColumn> leading = leadingColumns(rows);
    List<TextColumn> columns = new ArrayList<>(leading);
    columns.addAll(fitting(TableColumns.columns(rows), TextColumn.width(leading, GAP)));
    List<String> lines = new ArrayList<>(headers(columns));
    for (int i = 0; i < rows.size(); i++) {
      ResultRow row = rows.get(i);
      lines.add(
          coloured(
              row, row.outcome().isCompleted() ? line(columns, i) : failedLine(leading, row, i)));
      findings.ofRun(row).forEach(line -> lines.add(coloured(row, line)));
      lines.addAll(findings.sloOfRun(slo, row));
    }
    lines.addAll(findings.sloOfBatch(sweepKeys, slo, answers, rows));
    lines.addAll(findings.ofBatch(rows, isRough(columns.subList(leading.size(), columns.size()))));
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static boolean isRough(List<TextColumn> columns) {
    return columns.stream()
        .flatMap(column -> column.cells().stream())
        .anyMatch(cell -> cell.startsWith(TableColumns.ROUGH));
  }

  /** The columns of sweep values, variant, repeat, outcome and attempt. */
  private List<TextColumn> leadingColumns(List<ResultRow> rows) {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (int key = 0; key < sweepKeys.size(); key++) {
      int index = key;
      keys.put(
          sweepKeys.get(key),
          rows.stream().map(row -> String.valueOf(row.sweep().get(index))).toList());
    }
    if (rows.stream().anyMatch(row -> !row.place().variant().isEmpty())) {
      keys.put("variant", rows.stream().map(row -> row.place().variant()).toList());
    }
    if (rows.stream().anyMatch(row -> row.place().repeat() > 1)) {
      keys.put("repeat", rows.stream().map(row -> "" + row.place().repeat()).toList());
    }
    List<TextColumn> columns = new ArrayList<>();
    keys.forEach((key, cells) -> columns.add(TextColumn.ofKey(key, cells, keyWidth(keys.size()))));
    columns.add(
        TextColumn.left("outcome", "", rows.stream().map(row -> label(row.outcome())).toList()));
    if (!slo.isEmpty()) {
      columns.add(
          TextColumn.left("slo", "", rows.stream().map(row -> sloLabel(slo, row)).toList()));
    }
    if (rows.stream().anyMatch(row -> row.attempt() > 1)) {
      List<String> attemptCells =
          rows.stream()
              .map(row -> row.attempt() + " of " + Math.max(row.attempt(), attempts))
              .toList();
      columns.add(TextColumn.right("attempt", "", attemptCells, 0));
    }
    return columns;
  }

  /** Maximum width of a key column, so that keys and outcome fit on a narrow terminal. */
  private int keyWidth(int columns) {
    int share = (width - 20) / columns - GAP;
    return Math.max(3, Math.min(MAX_KEY_COLUMN, share));
  }

  private List<TextColumn> fitting(List<TextColumn> metrics, int taken) {
    List<TextColumn> kept = new ArrayList<>(metrics);
    while (!kept.isEmpty() && taken + GAP + TextColumn.width(kept, GAP) > width) {
      kept.remove(Collections.max(kept, TextColumn.BY_RANK));
    }
    return kept;
  }

  private List<String> headers(List<TextColumn> columns) {
    return IntStream.range(0, 2)
        .mapToObj(i -> join(columns.stream().map(column -> column.header(i)).toList()))
        .filter(line -> !line.isBlank())
        .toList();
  }

  private String line(List<TextColumn> columns, int row) {
    return join(columns.stream().map(column -> column.cell(row)).toList());
  }

  private String failedLine(List<TextColumn> leading, ResultRow row, int index) {
    String message = row.reason().isEmpty() ? row.cause().replace('_', ' ') : row.reason();
    List<String> cells =
        new ArrayList<>(leading.stream().map(column -> column.cell(index)).toList());
    String reason = OneLine.line(EXIT_PREFIX.matcher(message).replaceFirst(""), 500);
    int space = width - TextColumn.width(leading, GAP) - GAP;
    // On a narrow terminal, the message of the service says more than the count.
    cells.add(
        reason.codePointCount(0, reason.length()) <= space
            ? reason
            : ALL_FAILED.matcher(reason).replaceFirst(""));
    return join(cells);
  }

  private String join(List<String> cells) {
    return OneLine.cut(String.join(" ".repeat(GAP), cells).stripTrailing(), width);
  }

  private static String label(Outcome outcome) {
    String label = outcome.value().replace('_', ' ');
    return switch (outcome) {
      case SUCCEEDED, CANCELLED -> label;
      case DEGRADED -> label + " !";
      default -> label.toUpperCase(Locale.ROOT);
    };
  }

  private static String sloLabel(List<Slo> slo, ResultRow row) {
    return row.outcome().isCompleted() ? SloResult.of(slo, row).state().value() : "";
  }

  private String coloured(ResultRow row, String line) {
    if (!colour || row.outcome() == Outcome.SUCCEEDED || row.outcome() == Outcome.CANCELLED) {
      return line;
    }
    return (row.outcome() == Outcome.DEGRADED ? YELLOW : RED) + line + RESET;
  }
}
