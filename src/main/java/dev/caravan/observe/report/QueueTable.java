package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.checks.Level;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The queue as text: a line per batch, and under it one for each check that found more in it than
 * something to note.
 */
public final class QueueTable {

  private static final int MAX_CELL = 120;
  private static final String GAP = "  ";

  private final LocalDate today;

  /** A table that shows times of this day without the date. */
  public QueueTable(OffsetDateTime now) {
    this.today = now.atZoneSameInstant(ZoneId.systemDefault()).toLocalDate();
  }

  /** The table, each line ending in a line feed. */
  public String text(List<QueueEntry> entries) {
    List<TextColumn> columns = new ArrayList<>();
    columns.add(left("batch", entries, e -> OneLine.line(e.id(), MAX_CELL)));
    columns.add(left("state", entries, QueueEntry::state));
    columns.add(right("done", entries, e -> e.done() + "/" + e.total()));
    columns.add(right("failed", entries, e -> String.valueOf(e.failed())));
    columns.add(right("starts", entries, e -> time(e.start())));
    columns.add(right("ends", entries, e -> time(e.end())));
    columns.add(left("", entries, e -> OneLine.line(e.message(), MAX_CELL)));
    return IntStream.range(-1, entries.size())
        .mapToObj(row -> line(columns, row) + (row < 0 ? "" : findings(entries.get(row))))
        .collect(Collectors.joining());
  }

  private static String findings(QueueEntry entry) {
    return entry.findings().stream()
        .filter(found -> found.worst() != Level.NOTE)
        .map(
            found ->
                GAP + FindingLines.summary(found, entry.measured().orElse(entry.done())) + "\n")
        .collect(Collectors.joining());
  }

  private static String line(List<TextColumn> columns, int row) {
    String line =
        columns.stream()
            .map(column -> row < 0 ? column.header(0) : column.cell(row))
            .collect(Collectors.joining(GAP));
    return line.stripTrailing() + "\n";
  }

  private static TextColumn left(
      String name, List<QueueEntry> entries, Function<QueueEntry, String> cell) {
    return TextColumn.left(name, "", entries.stream().map(cell).toList());
  }

  private static TextColumn right(
      String name, List<QueueEntry> entries, Function<QueueEntry, String> cell) {
    return TextColumn.right(name, "", entries.stream().map(cell).toList(), 0);
  }

  private String time(Optional<OffsetDateTime> moment) {
    return moment.map(m -> ClockTime.of(m, today)).orElse("");
  }
}
