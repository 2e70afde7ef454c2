package dev.caravan.observe.http;

import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.NameTrend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The trends of the names whose batches finished last. They are made again when the catalog has
 * been; what was read of a batch is kept until its files change.
 */
final class NameTrends {

  /** More names would not fit on a screen. */
  private static final int MAX_NAMES = 12;

  /** What was never read before is read in parts, so that the first page does not wait for all. */
  private static final long READ_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  private final BatchCatalog batchCatalog;
  private final BatchIndex index;
  private List<CatalogEntry> madeFrom = List.of();
  private Known known = new Known(List.of(), 0);

  /**
   * What is known.
   *
   * @param rows the names, that of the newest finished batch first
   * @param unread number of names that are read with the next page
   */
  record Known(List<NameRow> rows, int unread) {}

  NameTrends(BatchCatalog batchCatalog, BatchIndex index) {
    this.batchCatalog = batchCatalog;
    this.index = index;
  }

  /** The names of the newest finished batches. */
  synchronized Known read() throws IOException {
    List<CatalogEntry> catalog = batchCatalog.all();
    if (catalog != madeFrom || known.unread() > 0) {
      known = read(folders(catalog));
      madeFrom = catalog;
    }
    return known;
  }

  private Known read(Map<String, List<Path>> folders) {
    long start = System.nanoTime();
    List<NameRow> rows = new ArrayList<>();
    int read = 0;
    for (Map.Entry<String, List<Path>> name : folders.entrySet()) {
      if (read > 0 && System.nanoTime() - start > READ_NANOS) {
        break;
      }
      read++;
      List<BatchEntry> entries = index.entries(name.getValue());
      if (!entries.isEmpty()) {
        rows.add(NameRow.of(NameTrend.of(name.getKey(), entries)));
      }
    }
    return new Known(List.copyOf(rows), folders.size() - read);
  }

  /** The newest finished batches of each name. */
  private static Map<String, List<Path>> folders(List<CatalogEntry> catalog) {
    Map<String, List<Path>> byName = new LinkedHashMap<>();
    for (CatalogEntry entry : catalog) {
      boolean isNewName = !byName.containsKey(entry.name());
      if (entry.finished() && !(isNewName && byName.size() == MAX_NAMES)) {
        List<Path> folders = byName.computeIfAbsent(entry.name(), name -> new ArrayList<>());
        if (folders.size() < NameTrend.MOST) {
          folders.add(entry.folder());
        }
      }
    }
    return byName;
  }
}
