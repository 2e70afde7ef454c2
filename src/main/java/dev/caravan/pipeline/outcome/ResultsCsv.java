package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A batch's {@code results.csv}: a header line, then one line per run, in run order.
 *
 * <p>The columns are {@link #LEADING_COLUMNS}, one column per sweep key in the order of the config,
 * then {@link #TRAILING_COLUMNS}; see {@link VariedColumns}. New columns are only added at the end.
 * Metrics are plain decimal numbers in the unit at the end of the column's name. An absent value is
 * empty, never 0. The file is UTF-8, lines end in a line feed, and cells are quoted according to
 * RFC 4180. Text that a spreadsheet would take for a formula gets a leading apostrophe ({@link
 * CsvCells}).
 */
public final class ResultsCsv {

  private static final String OUTCOME = "outcome";
  private static final String CAUSE = "cause";
  private static final String ATTEMPT = "attempt";
  private static final String TOKENIZER = "tokenizer";
  private static final String STARTED_AT = "started_at";
  private static final String CHECKS = "checks";
  private static final String VARIANT = "variant";
  private static final String POINT = "point";
  private static final String REPEAT = "repeat";
  private static final String SEPARATOR = ";";

  /** The columns before the sweep keys. */
  public static final List<String> LEADING_COLUMNS = List.of("run_index", "folder");

  /** A column after the sweep keys, and how the cell of a row is written. */
  private record Column(String name, Function<ResultRow, String> cell) {

    static Column text(String name, Function<ResultRow, String> text) {
      return new Column(name, row -> CsvCells.text(text.apply(row)));
    }

    static Stream<Column> metrics(Metric first, Metric last) {
      return EnumSet.range(first, last).stream()
          .map(m -> new Column(m.column(), row -> CsvCells.number(row.metrics().get(m))));
    }
  }

  private static final List<Column> TRAILING =
      Stream.of(
              Stream.of(
                  Column.text(OUTCOME, row -> row.outcome().value()),
                  Column.text(CAUSE, ResultRow::cause),
                  new Column(ATTEMPT, row -> Integer.toString(row.attempt()))),
              Column.metrics(Metric.REQUESTS, Metric.EFFECTIVE_CONCURRENCY),
              Stream.of(
                  Column.text(TOKENIZER, ResultRow::tokenizer),
                  Column.text(STARTED_AT, ResultRow::startedAt),
                  Column.text(CHECKS, row -> checks(row.checks()))),
              Column.metrics(Metric.ERROR_RATE, Metric.LATENCY_P99_HIGH),
              Stream.of(
                  Column.text(VARIANT, row -> row.place().variant()),
                  Column.text(POINT, row -> row.place().point()),
                  new Column(REPEAT, row -> Integer.toString(row.place().repeat()))))
          .flatMap(columns -> columns)
          .toList();

  /** The columns after the sweep keys. */
  public static final List<String> TRAILING_COLUMNS = TRAILING.stream().map(Column::name).toList();

  private static final VariedColumns VARIED =
      new VariedColumns(
          Stream.of(LEADING_COLUMNS, TRAILING_COLUMNS)
              .flatMap(List::stream)
              .collect(Collectors.toSet()));

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
            LEADING_COLUMNS.stream(), VARIED.of(sweepKeys).stream(), TRAILING_COLUMNS.stream())
        .flatMap(names -> names)
        .toList();
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
    TRAILING.forEach(column -> cells.add(column.cell().apply(row)));
    return cells;
  }

  /**
   * Reads a table; columns that an earlier version lacks are empty, those that a later one added
   * are ignored.
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
    int keys = header.indexOf(OUTCOME) - LEADING_COLUMNS.size();
    if (keys < 0 || !header.subList(0, LEADING_COLUMNS.size()).equals(LEADING_COLUMNS)) {
      return Optional.empty();
    }
    int trailing = LEADING_COLUMNS.size() + keys;
    Map<String, Integer> places = new HashMap<>();
    for (int at = trailing; at < header.size(); at++) {
      places.put(header.get(at), at);
    }
    List<ResultRow> rows = new ArrayList<>();
    while (lines.hasNextValue()) {
      rows.add(row(lines.nextValue(), keys, places));
    }
    List<String> columns = header.subList(LEADING_COLUMNS.size(), trailing);
    return Optional.of(new Table(columns.stream().map(VARIED::key).toList(), rows));
  }

  private static ResultRow row(List<String> cells, int keys, Map<String, Integer> places) {
    UnaryOperator<String> cell =
        name -> places.containsKey(name) ? cells.get(places.get(name)) : "";
    List<Object> sweep = new ArrayList<>();
    cells
        .subList(LEADING_COLUMNS.size(), LEADING_COLUMNS.size() + keys)
        .forEach(value -> sweep.add(CsvCells.unescape(value)));
    return new ResultRow(
        Integer.parseInt(cells.get(0)),
        CsvCells.unescape(cells.get(1)),
        place(cell),
        sweep,
        Outcome.of(cell.apply(OUTCOME)),
        CsvCells.unescape(cell.apply(CAUSE)),
        "",
        Integer.parseInt(cell.apply(ATTEMPT)),
        checks(CsvCells.unescape(cell.apply(CHECKS))),
        new Metrics<>(Metric.class, metric -> CsvCells.number(cell.apply(metric.column()))),
        CsvCells.unescape(cell.apply(TOKENIZER)),
        CsvCells.unescape(cell.apply(STARTED_AT)));
  }

  private static Place place(UnaryOperator<String> cell) {
    String repeat = cell.apply(REPEAT);
    return new Place(
        CsvCells.unescape(cell.apply(VARIANT)),
        CsvCells.unescape(cell.apply(POINT)),
        repeat.isEmpty() ? Place.UNKNOWN.repeat() : Integer.parseInt(repeat));
  }

  private static String checks(List<FoundCheck> checks) {
    return checks.stream().map(FoundCheck::toString).collect(Collectors.joining(SEPARATOR));
  }

  private static List<FoundCheck> checks(String cell) {
    return Stream.of(cell.split(SEPARATOR))
        .filter(text -> !text.isEmpty())
        .map(FoundCheck::parse)
        .flatMap(Optional::stream)
        .toList();
  }
}
