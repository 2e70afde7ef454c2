package dev.caravan.pipeline.outcome;

import dev.caravan.config.Slo;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Sweep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of a batch in run order and the counts of their outcomes, updated as runs end: adding a
 * run costs the same whatever the size of the batch. Adding a run again replaces its row.
 * Thread-safe.
 */
public final class BatchResults {

  private final ResultsCsv csv;
  private final List<String> sweepKeys;
  private final Optional<GroupsCsv> groups;
  private final NavigableMap<Integer, ResultRow> rows = new TreeMap<>();
  private final OutcomeCounts counters = new OutcomeCounts();
  private final FindingCounts findings = new FindingCounts();
  private Optional<SloSummary> slo = Optional.empty();

  /** An empty table for a batch with these runs. */
  public BatchResults(Sweep sweep) {
    this.sweepKeys = sweep.keys();
    this.csv = new ResultsCsv(sweepKeys);
    this.groups = sweep.isCompared() ? Optional.of(new GroupsCsv(sweep)) : Optional.empty();
  }

  /** Adds the row of a run, or replaces it. */
  public synchronized void put(ResultRow row) {
    remove(row.runIndex());
    rows.put(row.runIndex(), row);
    counters.add(row.outcome());
    findings.add(row.checks());
  }

  /** Removes the row of a run that will run again. */
  public synchronized void remove(int runIndex) {
    slo = Optional.empty();
    ResultRow before = rows.remove(runIndex);
    if (before != null) {
      counters.remove(before.outcome());
      findings.remove(before.checks());
    }
  }

  /** Whether this run has a row. */
  public synchronized boolean contains(int runIndex) {
    return rows.containsKey(runIndex);
  }

  /** The row of a run, if it contains one. */
  public synchronized Optional<ResultRow> row(int runIndex) {
    return Optional.ofNullable(rows.get(runIndex));
  }

  /** The batch's sweep keys, in the order of the config. */
  public List<String> sweepKeys() {
    return sweepKeys;
  }

  /** A copy of the current number of runs by outcome. */
  public synchronized OutcomeCounts counters() {
    return counters.copy();
  }

  /** A copy of the current number of runs by what the checks found. */
  public synchronized FindingCounts findings() {
    return findings.copy();
  }

  /** A copy of the current rows, in run order. */
  public synchronized List<ResultRow> rows() {
    return new ArrayList<>(rows.values());
  }

  /**
   * Which points keep the bounds of the batch; empty if it has none. Kept until a row changes: it
   * is asked for more often than runs end.
   */
  public synchronized Optional<SloSummary> slo(List<Slo> bounds) {
    if (slo.isEmpty() && !bounds.isEmpty()) {
      slo = SloSummary.of(sweepKeys, bounds, rows());
    }
    return slo;
  }

  /** The folders of at most {@code limit} degraded runs, in run order. */
  public List<String> degradedFolders(int limit) {
    Collection<ResultRow> all = rows();
    return all.stream()
        .filter(row -> row.outcome() == Outcome.DEGRADED)
        .limit(limit)
        .map(ResultRow::folder)
        .toList();
  }

  /** The bytes of {@code results.csv}. */
  public byte[] csv() {
    return csv.bytes(rows());
  }

  /** The bytes of {@code groups.csv}; empty for a batch without repeats and variants. */
  public Optional<byte[]> groups() {
    return groups.map(table -> table.bytes(rows()));
  }
}
