package dev.caravan.pipeline.outcome;

import dev.caravan.model.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of a batch in run order, with their counts, kept as runs end: a run costs the same
 * whatever the size of the batch. Telling it of a run again replaces what it knew. Thread-safe.
 */
public final class BatchResults {

  private final ResultsCsv csv;
  private final List<String> sweepKeys;
  private final NavigableMap<Integer, ResultRow> rows = new TreeMap<>();
  private final OutcomeCounts counters = new OutcomeCounts();

  /** An empty table for a batch with these sweep keys, in the order written. */
  public BatchResults(List<String> sweepKeys) {
    this.sweepKeys = List.copyOf(sweepKeys);
    this.csv = new ResultsCsv(sweepKeys);
  }

  /** Takes the row of a run in, in place of the one it had. */
  public synchronized void put(ResultRow row) {
    ResultRow before = rows.put(row.runIndex(), row);
    if (before != null) {
      counters.remove(before.outcome());
    }
    counters.add(row.outcome());
  }

  /** Forgets the row of a run that is to be done again. */
  public synchronized void remove(int runIndex) {
    ResultRow before = rows.remove(runIndex);
    if (before != null) {
      counters.remove(before.outcome());
    }
  }

  /** Whether it has the row of this run. */
  public synchronized boolean has(int runIndex) {
    return rows.containsKey(runIndex);
  }

  /** The row of a run, if it has one. */
  public synchronized Optional<ResultRow> row(int runIndex) {
    return Optional.ofNullable(rows.get(runIndex));
  }

  /** The batch's sweep keys, in the order written. */
  public List<String> sweepKeys() {
    return sweepKeys;
  }

  /** How many runs ended in which way, as of now. */
  public synchronized OutcomeCounts counters() {
    return counters.copy();
  }

  /** The rows in run order, as of now. */
  public synchronized List<ResultRow> rows() {
    return new ArrayList<>(rows.values());
  }

  /** Folders of the first {@code most} degraded runs, in run order. */
  public List<String> degraded(int most) {
    Collection<ResultRow> all = rows();
    return all.stream()
        .filter(row -> row.outcome() == Outcome.DEGRADED)
        .limit(most)
        .map(ResultRow::folder)
        .toList();
  }

  /** The bytes of {@code results.csv}. */
  public byte[] csv() {
    return csv.bytes(rows());
  }
}
