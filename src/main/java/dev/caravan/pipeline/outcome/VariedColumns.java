package dev.caravan.pipeline.outcome;

import java.util.List;
import java.util.Set;

/**
 * The names of the columns that hold the values that vary in a batch. A key that has the name of
 * another column gets {@value #MOVED} in front, and so does every key that would then be taken, so
 * that different keys have different columns.
 *
 * @param others the names of all other columns
 */
record VariedColumns(Set<String> others) {

  private static final String MOVED = "sweep_";

  VariedColumns {
    others = Set.copyOf(others);
  }

  /** The columns of these keys, in their order. */
  List<String> of(List<String> keys) {
    return keys.stream().map(key -> isTaken(key) ? MOVED + key : key).toList();
  }

  /** The key that has this column. */
  String key(String column) {
    boolean moved = column.startsWith(MOVED) && isTaken(column.substring(MOVED.length()));
    return moved ? column.substring(MOVED.length()) : column;
  }

  /** Whether this is, but for prefixes, the name of another column. */
  private boolean isTaken(String name) {
    String bare = name;
    while (bare.startsWith(MOVED)) {
      bare = bare.substring(MOVED.length());
    }
    return others.contains(bare);
  }
}
