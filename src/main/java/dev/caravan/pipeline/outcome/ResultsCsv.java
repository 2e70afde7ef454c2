package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.caravan.model.Outcome;
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
 * A batch's {@code results.csv}: one line a run, in run order, after one line of column names.
 *
 * <p>The columns are {@link #FIRST}, one for each sweep key in the order written, then {@link
 * #REST}; new ones are only ever added at the end. Figures are plain decimal numbers in the unit
 * that their column's name ends in. What is absent is empty, never 0. UTF-8, lines end in a line
 * feed, cells are quoted as RFC 4180 says. Text that a spreadsheet would take for a formula is
 * given a leading apostrophe ({@link CsvCells}).
 */
public final class ResultsCsv {

  /** The columns before the sweep keys. */
  public static final List<String> FIRST = List.of("run_index", "folder");

  /** The columns after the sweep keys. */
  public static final List<String> REST =
      Stream.of(
              Stream.of("outcome", "cause", "attempt"),
              Arrays.stream(Metric.values()).map(Metric::column),
              Stream.of("tokenizer", "started_at"))
          .flatMap(s -> s)
          .toList();

  private static final long LARGEST = 256L << 20;

  private static final ObjectReader LINES =
      CsvMapper.csvBuilder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .build()
          .readerForListOf(String.class);

  private final List<String> sweepKeys;

  /** The table of a batch with these sweep keys, in the order written. */
  public ResultsCsv(List<String> sweepKeys) {
    this.sweepKeys = List.copyOf(sweepKeys);
  }

  /**
   * A table as read back from its file.
   *
   * @param sweepKeys the batch's sweep keys
   * @param rows its rows, sweep values as text, without reasons
   */
  public record Sheet(List<String> sweepKeys, List<ResultRow> rows) {
    public Sheet {
      sweepKeys = List.copyOf(sweepKeys);
      rows = List.copyOf(rows);
    }
  }

  /** The names of all columns. */
  public List<String> columns() {
    return Stream.of(FIRST, sweepKeys, REST).flatMap(List::stream).toList();
  }

  /** The whole file with these rows, in their order. */
  public byte[] bytes(Collection<ResultRow> rows) {
    StringBuilder file = new StringBuilder(1024 + 256 * rows.size());
    file.append(CsvCells.line(columns().stream().map(CsvCells::text).toList()));
    rows.forEach(row -> file.append(CsvCells.line(cells(row))));
    return file.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> cells(ResultRow row) {
    List<String> cells = new ArrayList<>(FIRST.size() + REST.size() + row.sweep().size());
    cells.add(Integer.toString(row.runIndex()));
    cells.add(CsvCells.text(row.folder()));
    row.sweep().forEach(value -> cells.add(CsvCells.value(value)));
    cells.add(row.outcome().value());
    cells.add(CsvCells.text(row.cause()));
    cells.add(Integer.toString(row.attempt()));
    for (Metric measure : Metric.values()) {
      cells.add(CsvCells.number(row.measures().get(measure)));
    }
    cells.add(CsvCells.text(row.tokenizer()));
    cells.add(CsvCells.text(row.startedAt()));
    return cells;
  }

  /**
   * Reads a table back; columns that a later version added at the end are passed over.
   *
   * @return empty when the file is absent, too large or no such table
   */
  public static Optional<Sheet> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (MappingIterator<List<String>> lines = LINES.readValues(file.toFile())) {
      return Files.size(file) > LARGEST || !lines.hasNextValue()
          ? Optional.empty()
          : sheet(lines.nextValue(), lines);
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // not ours, or edited out of shape: it is made again from the tree
    }
  }

  private static Optional<Sheet> sheet(List<String> header, MappingIterator<List<String>> lines)
      throws IOException {
    int keys = header.indexOf("outcome") - FIRST.size();
    if (keys < 0 || !header.subList(0, FIRST.size()).equals(FIRST)) {
      return Optional.empty();
    }
    List<ResultRow> rows = new ArrayList<>();
    while (lines.hasNextValue()) {
      rows.add(row(lines.nextValue(), keys));
    }
    return Optional.of(new Sheet(header.subList(FIRST.size(), FIRST.size() + keys), rows));
  }

  private static ResultRow row(List<String> cells, int keys) {
    List<Object> sweep = new ArrayList<>();
    cells.subList(FIRST.size(), FIRST.size() + keys).forEach(c -> sweep.add(CsvCells.read(c)));
    List<String> rest = cells.subList(FIRST.size() + keys, cells.size());
    int figures = 3;
    int after = figures + Metric.values().length;
    return new ResultRow(
        Integer.parseInt(cells.get(0)),
        CsvCells.read(cells.get(1)),
        sweep,
        Outcome.of(rest.get(0)),
        CsvCells.read(rest.get(1)),
        "",
        Integer.parseInt(rest.get(2)),
        new Metrics(measure -> CsvCells.number(rest.get(figures + measure.ordinal()))),
        CsvCells.read(rest.get(after)),
        CsvCells.read(rest.get(after + 1)));
  }
}
