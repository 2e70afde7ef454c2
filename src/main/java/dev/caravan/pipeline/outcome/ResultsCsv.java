package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.caravan.model.Outcome;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A batch's {@code results.csv}: a header line, then one line per run, in run order.
 *
 * <p>The columns are {@link #LEADING_COLUMNS}, one column per sweep key in the order of the config,
 * then {@link #TRAILING_COLUMNS}. A sweep key that has the name of another column gets {@value
 * #SWEPT} in front. New columns are only added at the end. Metrics are plain decimal numbers in the
 * unit at the end of the column's name. An absent value is empty, never 0. The file is UTF-8, lines
 * end in a line feed, and cells are quoted according to RFC 4180. Text that a spreadsheet would
 * take for a formula gets a leading apostrophe ({@link CsvCells}).
 */
public final class ResultsCsv {

  /** The columns before the sweep keys. */
  public static final List<String> LEADING_COLUMNS = List.of("run_index", "folder");

  /** The columns after the sweep keys. */
  public static final List<String> TRAILING_COLUMNS =
      Stream.of(
              Stream.of("outcome", "cause", "attempt"),
              Arrays.stream(Metric.values()).map(Metric::column),
              Stream.of("tokenizer", "started_at"))
          .flatMap(s -> s)
          .toList();

  private static final String SWEPT = "sweep_";

  private static final long MAX_BYTES = 256L << 20;

  private static final ObjectReader LINES =
      CsvMapper.csvBuilder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .build()
          .readerForListOf(String.class);

  private final List<String> sweepKeys;

  /** The table of a batch with these sweep keys, in the order of the config. */
  public ResultsCsv(List<String> sweepKeys) {
    this.sweepKeys = List.copyOf(sweepKeys);
  }

  /**
   * A table read from a file.
   *
   * @param sweepKeys the batch's sweep keys
   * @param rows its rows, with sweep values as text and without reasons
   */
  public record Table(List<String> sweepKeys, List<ResultRow> rows) {
    public Table {
      sweepKeys = List.copyOf(sweepKeys);
      rows = List.copyOf(rows);
    }
  }

  /** The names of all columns. */
  public List<String> columns() {
    return Stream.of(
            LEADING_COLUMNS.stream(),
            sweepKeys.stream().map(ResultsCsv::column),
            TRAILING_COLUMNS.stream())
        .flatMap(names -> names)
        .toList();
  }

  /** Different keys have different columns: every key above a taken name moves by one prefix. */
  private static String column(String sweepKey) {
    return isTaken(sweepKey) ? SWEPT + sweepKey : sweepKey;
  }

  private static String sweepKey(String column) {
    boolean moved = column.startsWith(SWEPT) && isTaken(column.substring(SWEPT.length()));
    return moved ? column.substring(SWEPT.length()) : column;
  }

  /** Whether this is, but for prefixes, the name of a column that every table has. */
  private static boolean isTaken(String name) {
    String bare = name;
    while (bare.startsWith(SWEPT)) {
      bare = bare.substring(SWEPT.length());
    }
    return LEADING_COLUMNS.contains(bare) || TRAILING_COLUMNS.contains(bare);
  }

  /** The content of the file with these rows, in this order. */
  public byte[] bytes(Collection<ResultRow> rows) {
    StringBuilder file = new StringBuilder(1024 + 256 * rows.size());
    file.append(CsvCells.line(columns().stream().map(CsvCells::text).toList()));
    rows.forEach(row -> file.append(CsvCells.line(cells(row))));
    return file.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> cells(ResultRow row) {
    List<String> cells =
        new ArrayList<>(LEADING_COLUMNS.size() + TRAILING_COLUMNS.size() + row.sweep().size());
    cells.add(Integer.toString(row.runIndex()));
    cells.add(CsvCells.text(row.folder()));
    row.sweep().forEach(value -> cells.add(CsvCells.value(value)));
    cells.add(row.outcome().value());
    cells.add(CsvCells.text(row.cause()));
    cells.add(Integer.toString(row.attempt()));
    for (Metric metric : Metric.values()) {
      cells.add(CsvCells.number(row.metrics().get(metric)));
    }
    cells.add(CsvCells.text(row.tokenizer()));
    cells.add(CsvCells.text(row.startedAt()));
    return cells;
  }

  /**
   * Reads a table; ignores columns that a later version added at the end.
   *
   * @return empty when the file is absent, too large or not such a table
   */
  public static Optional<Table> read(Path file) {
    if (!RegularFiles.exists(file)) {
      return Optional.empty();
    }
    try (MappingIterator<List<String>> lines = LINES.readValues(RegularFiles.stream(file))) {
      return Files.size(file) > MAX_BYTES || !lines.hasNextValue()
          ? Optional.empty()
          : table(lines.nextValue(), lines);
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // not such a table: it is rebuilt from the run folders
    }
  }

  private static Optional<Table> table(List<String> header, MappingIterator<List<String>> lines)
      throws IOException {
    int keys = header.indexOf("outcome") - LEADING_COLUMNS.size();
    if (keys < 0 || !header.subList(0, LEADING_COLUMNS.size()).equals(LEADING_COLUMNS)) {
      return Optional.empty();
    }
    List<ResultRow> rows = new ArrayList<>();
    while (lines.hasNextValue()) {
      rows.add(row(lines.nextValue(), keys));
    }
    List<String> columns = header.subList(LEADING_COLUMNS.size(), LEADING_COLUMNS.size() + keys);
    return Optional.of(new Table(columns.stream().map(ResultsCsv::sweepKey).toList(), rows));
  }

  private static ResultRow row(List<String> cells, int keys) {
    List<Object> sweep = new ArrayList<>();
    cells
        .subList(LEADING_COLUMNS.size(), LEADING_COLUMNS.size() + keys)
        .forEach(cell -> sweep.add(CsvCells.unescape(cell)));
    List<String> rest = cells.subList(LEADING_COLUMNS.size() + keys, cells.size());
    int firstMetric = 3;
    int afterMetrics = firstMetric + Metric.values().length;
    return new ResultRow(
        Integer.parseInt(cells.get(0)),
        CsvCells.unescape(cells.get(1)),
        sweep,
        Outcome.of(rest.get(0)),
        CsvCells.unescape(rest.get(1)),
        "",
        Integer.parseInt(rest.get(2)),
        new Metrics<>(
            Metric.class, metric -> CsvCells.number(rest.get(firstMetric + metric.ordinal()))),
        CsvCells.unescape(rest.get(afterMetrics)),
        CsvCells.unescape(rest.get(afterMetrics + 1)));
  }
}
