package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.OneLine;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A list of batches as text, one line per batch. */
public final class BatchTable {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
  private static final String GAP = "  ";
  private static final int MAX_CELL = 60;
  private static final int MAX_POINT = 32;

  private final int width;

  /** A table whose lines have at most {@code width} characters. */
  public BatchTable(int width) {
    this.width = width;
  }

  /** The table, each line ending in a line feed. */
  public String text(List<BatchEntry> entries) {
    List<TextColumn> columns = new ArrayList<>();
    columns.add(left("batch", entries, BatchEntry::id));
    columns.add(left("started", entries, entry -> time(entry.startedAt())));
    columns.add(left("runs", entries, BatchTable::runs));
    columns.add(left("best", entries, BatchTable::best));
    columns.add(left("at", entries, entry -> OneLine.cut(entry.bestPoint(), atMost(MAX_POINT))));
    if (entries.stream().anyMatch(entry -> !entry.slo().isEmpty())) {
      columns.add(left("meets SLO", entries, BatchEntry::slo));
    }
    if (entries.stream().anyMatch(entry -> !entry.verdict().isEmpty())) {
      columns.add(left("verdict", entries, BatchEntry::verdict));
    }
    columns.add(left("model", entries, BatchEntry::model));
    columns.add(left("target", entries, BatchEntry::target));
    columns.add(left("labels", entries, entry -> labels(entry.labels())));
    return IntStream.range(-1, entries.size())
        .mapToObj(row -> line(columns, row))
        .collect(Collectors.joining());
  }

  /** A cell may be longer where there is room, as in a pipe. */
  private int atMost(int usual) {
    return Math.max(usual, width / 4);
  }

  private String line(List<TextColumn> columns, int row) {
    String line =
        columns.stream()
            .map(column -> row < 0 ? column.header(0) : column.cell(row))
            .collect(Collectors.joining(GAP));
    return OneLine.cut(line.stripTrailing(), width) + "\n";
  }

  private TextColumn left(
      String name, List<BatchEntry> entries, Function<BatchEntry, String> cell) {
    return TextColumn.left(
        name,
        "",
        entries.stream().map(cell).map(text -> OneLine.line(text, atMost(MAX_CELL))).toList());
  }

  private static String runs(BatchEntry entry) {
    int ended = entry.outcomes().values().stream().mapToInt(Integer::intValue).sum();
    String done = ended < entry.total() ? ended + "/" + entry.total() : entry.total() + "";
    String others =
        entry.outcomes().entrySet().stream()
            .filter(outcome -> !outcome.getKey().equals(Outcome.SUCCEEDED.value()))
            .map(outcome -> outcome.getValue() + " " + outcome.getKey().replace('_', ' '))
            .collect(Collectors.joining(", "));
    return done + (others.isEmpty() ? "" : " (" + others + ")");
  }

  private static String best(BatchEntry entry) {
    return entry.bestThroughput() == null
        ? "-"
        : Rounding.of(entry.bestThroughput()) + " " + entry.bestUnit();
  }

  private static String labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(" "));
  }

  private static String time(String text) {
    try {
      return OffsetDateTime.parse(text)
          .atZoneSameInstant(ZoneId.systemDefault())
          .toLocalDateTime()
          .format(TIME);
    } catch (DateTimeException e) {
      return text.length() > 16 ? text.substring(0, 16).replace('T', ' ') : text;
    }
  }
}
