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

/**
 * The trends of the names whose batches finished last. They are made again when the catalog has
 * been; what was read of a batch is kept until its files change.
 */
final class NameTrends {

  /** More names would not fit on a screen. */
  private static final int MAX_NAMES = 12;

  private final BatchCatalog batchCatalog;
  private final BatchIndex index;
  private List<CatalogEntry> madeFrom = List.of();
  private List<NameTrend> trends = List.of();

  NameTrends(BatchCatalog batchCatalog, BatchIndex index) {
    this.batchCatalog = batchCatalog;
    this.index = index;
  }

  /** The trends, that of the newest finished batch first. */
  synchronized List<NameTrend> all() throws IOException {
    List<CatalogEntry> catalog = batchCatalog.all();
    if (catalog != madeFrom) {
      trends = trends(catalog);
      madeFrom = catalog;
    }
    return trends;
  }

  private List<NameTrend> trends(List<CatalogEntry> catalog) {
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
    Map<String, List<BatchEntry>> entries = new LinkedHashMap<>();
    index
        .entries(byName.values().stream().flatMap(List::stream).toList())
        .forEach(each -> entries.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each));
    return entries.entrySet().stream()
        .map(each -> NameTrend.of(each.getKey(), each.getValue()))
        .toList();
  }
}
