package dev.caravan.observe.report;

import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.pipeline.outcome.OneLine;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A hub's workers as text, one line each. */
public final class WorkerTable {

  private static final int MAX_CELL = 120;
  private static final String GAP = "  ";

  private WorkerTable() {}

  /** The table, each line ending in a line feed. */
  public static String text(List<WorkerView> workers) {
    if (workers.isEmpty()) {
      return "No workers.\n";
    }
    List<TextColumn> columns =
        List.of(
            left("host", workers, WorkerView::host),
            left("worker", workers, WorkerView::id),
            left("pools", workers, worker -> String.join(",", worker.pools())),
            right("slots", workers, worker -> String.valueOf(worker.slots())),
            left("aiperf", workers, w -> w.aiperf().isEmpty() ? "none" : w.aiperf()),
            right("last seen", workers, worker -> worker.sinceLastSeen().toSeconds() + " s ago"),
            left("accepts runs", workers, WorkerTable::acceptance),
            left("runs", workers, worker -> String.join(" ", worker.runs())));
    return IntStream.range(-1, workers.size())
        .mapToObj(row -> line(columns, row))
        .collect(Collectors.joining());
  }

  private static String acceptance(WorkerView worker) {
    return worker.whyNoRuns().isEmpty() ? "yes" : "no: " + worker.whyNoRuns();
  }

  private static String line(List<TextColumn> columns, int row) {
    return columns.stream()
            .map(column -> row < 0 ? column.header(0) : column.cell(row))
            .collect(Collectors.joining(GAP))
            .stripTrailing()
        + "\n";
  }

  private static TextColumn left(
      String name, List<WorkerView> workers, Function<WorkerView, String> cell) {
    return TextColumn.left(name, "", cells(workers, cell));
  }

  private static TextColumn right(
      String name, List<WorkerView> workers, Function<WorkerView, String> cell) {
    return TextColumn.right(name, "", cells(workers, cell), 0);
  }

  private static List<String> cells(List<WorkerView> workers, Function<WorkerView, String> cell) {
    return workers.stream().map(worker -> OneLine.line(cell.apply(worker), MAX_CELL)).toList();
  }
}
