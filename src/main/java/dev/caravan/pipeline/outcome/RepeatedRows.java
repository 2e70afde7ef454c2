package dev.caravan.pipeline.outcome;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows of a batch by variant and point, each list the repeats of one measurement. Tells them
 * apart by their values, not by their names: tables of earlier versions have no names of points.
 */
public final class RepeatedRows {

  private RepeatedRows() {}

  /** The repeats of each variant and point, both in the order of the rows. */
  public static List<List<ResultRow>> of(Collection<ResultRow> rows) {
    return List.copyOf(
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> List.of(row.place().variant(), row.sweep()),
                    LinkedHashMap::new,
                    Collectors.toList()))
            .values());
  }
}
