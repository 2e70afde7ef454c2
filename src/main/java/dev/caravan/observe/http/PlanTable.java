package dev.caravan.observe.http;

import dev.caravan.model.plan.Place;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.OneLine;
import java.util.ArrayList;
import java.util.List;

/**
 * The plan of a config as a table, a row per run.
 *
 * @param columns what tells the runs apart: variant, swept keys and repeat
 * @param rows the first runs
 */
record PlanTable(List<String> columns, List<Row> rows) {

  private static final int MAX_CELL = 200;

  /** No runs. */
  static final PlanTable NONE = new PlanTable(List.of(), List.of());

  /** A run: its number from 1, its value in each column, its folder and its command. */
  record Row(int number, List<String> values, String folder, String command) {}

  /** The table of these runs. */
  static PlanTable of(Sweep sweep, List<ConfigApi.PlannedRun> runs) {
    boolean isRepeated = runs.stream().anyMatch(run -> sweep.place(run.runIndex()).repeat() > 1);
    boolean hasVariants =
        runs.stream().anyMatch(run -> !sweep.place(run.runIndex()).variant().isEmpty());
    List<String> columns = new ArrayList<>(sweep.keys());
    if (hasVariants) {
      columns.add(0, "variant");
    }
    if (isRepeated) {
      columns.add("repeat");
    }
    List<Row> rows = new ArrayList<>();
    for (ConfigApi.PlannedRun run : runs) {
      Place place = sweep.place(run.runIndex());
      List<Object> values = new ArrayList<>(sweep.values(run.runIndex()).values());
      if (hasVariants) {
        values.add(0, place.variant());
      }
      if (isRepeated) {
        values.add(place.repeat());
      }
      rows.add(
          new Row(
              sweep.number(run.runIndex()),
              values.stream().map(value -> OneLine.line(String.valueOf(value), MAX_CELL)).toList(),
              run.folder(),
              run.command()));
    }
    return new PlanTable(columns, rows);
  }
}
