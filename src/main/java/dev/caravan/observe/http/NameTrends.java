package dev.caravan.observe.http;

import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.NameTrend;
import dev.caravan.pipeline.outcome.BatchSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The trends of the names of the newest finished batches, and of all that finished in the last day.
 * They are made again when the catalog has been; what was read of a batch is kept until its files
 * change.
 */
final class NameTrends {

  /** Number of names that are shown; more would not fit on a screen. */
  static final int SHOWN = 12;

  /** Number of names that are judged, for which their batches must be read. */
  private static final int MAX_JUDGED = 200;

  /** Limits the reading for one page, so that the first page does not wait for all names. */
  private static final long READ_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final BatchCatalog batchCatalog;
  private final BatchIndex index;
  private final long readNanos;
  private final Map<String, Judged> judged = new HashMap<>();
  private long passes;
  private List<CatalogEntry> madeFrom = List.of();
  private Known known = new Known(List.of(), 0, 0);

  /**
   * What is known.
   *
   * @param rows the names, that of the newest finished batch first
   * @param unread number of names that are read with the next page
   * @param beyond number of names with a batch of the last day that are not read
   */
  record Known(List<NameRow> rows, int unread, int beyond) {

    /** The names that are shown. */
    List<NameRow> shown() {
      return rows.subList(0, Math.min(SHOWN, rows.size()));
    }
  }

  /**
   * What was read of a name.
   *
   * @param folders its batches
   * @param row empty when none of them can be read
   * @param pass the pass that read it
   */
  private record Judged(List<Path> folders, Optional<NameRow> row, long pass) {}

  NameTrends(BatchCatalog batchCatalog, BatchIndex index) {
    this(batchCatalog, index, READ_NANOS);
  }

  /** Trends of which a page reads one, and more until that time is over. */
  NameTrends(BatchCatalog batchCatalog, BatchIndex index, long readNanos) {
    this.batchCatalog = batchCatalog;
    this.index = index;
    this.readNanos = readNanos;
  }

  /** The names of the newest finished batches. */
  synchronized Known read() throws IOException {
    List<CatalogEntry> catalog = batchCatalog.all();
    if (catalog != madeFrom || known.unread() > 0) {
      known = read(folders(catalog, OffsetDateTime.now()));
      madeFrom = catalog;
    }
    return known;
  }

  private Known read(Map<String, List<Path>> all) {
    Map<String, List<Path>> folders = new LinkedHashMap<>();
    all.entrySet().stream()
        .limit(MAX_JUDGED)
        .forEach(name -> folders.put(name.getKey(), name.getValue()));
    judged
        .entrySet()
        .removeIf(each -> !each.getValue().folders().equals(folders.get(each.getKey())));
    judge(folders);
    List<NameRow> rows =
        folders.keySet().stream()
            .filter(judged::containsKey)
            .flatMap(name -> judged.get(name).row().stream())
            .toList();
    return new Known(rows, folders.size() - judged.size(), all.size() - folders.size());
  }

  /** Reads those first that were never read, or longest ago, until the time is over. */
  private void judge(Map<String, List<Path>> folders) {
    List<String> names = new ArrayList<>(folders.keySet());
    names.sort(
        Comparator.comparingLong(
            name -> Optional.ofNullable(judged.get(name)).map(Judged::pass).orElse(0L)));
    long start = System.nanoTime();
    passes++;
    for (String name : names) {
      judged.put(name, judged(name, folders.get(name)));
      if (System.nanoTime() - start > readNanos) {
        break;
      }
    }
    index.save();
  }

  private Judged judged(String name, List<Path> folders) {
    List<BatchEntry> entries = index.unsaved(folders);
    return new Judged(
        folders,
        entries.isEmpty() ? Optional.empty() : Optional.of(NameRow.of(NameTrend.of(name, entries))),
        passes);
  }

  /** The newest finished batches of each name that is shown or judged. */
  static Map<String, List<Path>> folders(List<CatalogEntry> catalog, OffsetDateTime now) {
    Map<String, List<Path>> byName = new LinkedHashMap<>();
    for (CatalogEntry entry : catalog) {
      boolean isNewName = !byName.containsKey(entry.name());
      boolean isWanted =
          !isNewName || byName.size() < SHOWN || Night.isRecent(finished(entry), now);
      if (entry.finished() && isWanted) {
        List<Path> folders = byName.computeIfAbsent(entry.name(), name -> new ArrayList<>());
        if (folders.size() < NameTrend.MOST) {
          folders.add(entry.folder());
        }
      }
    }
    return byName;
  }

  private static Optional<OffsetDateTime> finished(CatalogEntry entry) {
    return entry.summary().flatMap(BatchSummary::finishedAt);
  }
}
