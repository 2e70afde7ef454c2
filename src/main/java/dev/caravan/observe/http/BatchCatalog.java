package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.SeveralBatchesException;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * All batches of the home, newest first. A batch's files are read again only when they have
 * changed, so a refresh costs one file lookup per batch.
 */
final class BatchCatalog {

  private static final long MIN_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(3);

  /**
   * The catalog stays valid for this multiple of the time needed to read it, so refreshing takes at
   * most about 1 % of the time.
   */
  private static final long AGE_FACTOR = 100;

  /**
   * A batch in the catalog.
   *
   * @param record content of its batch.json
   * @param acceptedAt time of acceptance, parsed once because sorting needs it often
   * @param summary progress and counts; empty when there is no summary yet
   */
  record CatalogEntry(
      Path folder, BatchRecord record, OffsetDateTime acceptedAt, Optional<BatchSummary> summary) {

    private CatalogEntry(Path folder, BatchRecord record, Optional<BatchSummary> summary) {
      this(folder, record, OffsetDateTime.parse(record.acceptedAt()), summary);
    }

    private CatalogEntry with(BatchSummary latest) {
      return new CatalogEntry(folder, record, acceptedAt, Optional.of(latest));
    }

    String id() {
      return record.id();
    }

    /** The name that it shares with other batches of the same config. */
    String name() {
      return id().substring(0, Math.max(0, id().lastIndexOf('/')));
    }

    boolean finished() {
      return summary.flatMap(BatchSummary::finishedAt).isPresent();
    }

    int count(Outcome.Counts kind) {
      return summary.map(s -> s.counters().of(kind)).orElse(0);
    }

    int count(Outcome outcome) {
      return summary.map(s -> s.counters().of(outcome)).orElse(0);
    }

    /** Number of its runs; of a search that goes on, the most there can be. */
    int total() {
      return summary.map(BatchSummary::total).orElse(record.runs());
    }

    /** Whether it is of a search that goes on, so that there may be fewer runs in the end. */
    boolean isMost() {
      return !finished() && summary.flatMap(BatchSummary::search).isPresent();
    }

    int ended() {
      return summary.map(s -> s.counters().ended()).orElse(0);
    }
  }

  private record Cached(Object fileKey, long modified, CatalogEntry entry) {}

  private final WebContext context;
  private final Map<Path, Cached> cache = new HashMap<>();
  private List<CatalogEntry> all = List.of();
  private Map<String, List<CatalogEntry>> byId = Map.of();
  private volatile boolean stale;
  private long readAt = System.nanoTime() - MIN_AGE_NANOS;
  private long maxAge = MIN_AGE_NANOS;

  BatchCatalog(WebContext context) {
    this.context = context;
    context.pageUpdates().listen(() -> stale = true);
  }

  /** All batches, newest first; at most three seconds old and never older than the last change. */
  synchronized List<CatalogEntry> all() throws IOException {
    long start = System.nanoTime();
    if (stale || start - readAt >= maxAge) {
      stale = false;
      readAll();
      readAt = System.nanoTime();
      maxAge = Math.min(MAX_AGE_NANOS, Math.max(MIN_AGE_NANOS, AGE_FACTOR * (readAt - start)));
    }
    return all;
  }

  /** The unfinished batches, in the order in which they are served. */
  List<CatalogEntry> open() throws IOException {
    return all().stream()
        .filter(entry -> context.recorder().find(entry.folder()).isPresent())
        .map(this::upToDate)
        .sorted(Comparator.comparing(CatalogEntry::record, BatchRecord.DISPATCH_ORDER))
        .toList();
  }

  /**
   * The batches on the list of unfinished ones that belong to another home, as after a copy of the
   * home.
   */
  List<CatalogEntry> ofOtherHomes() throws IOException {
    Optional<String> home = HomeId.find(context.home());
    List<CatalogEntry> others =
        all().stream()
            .filter(entry -> !entry.finished())
            .filter(entry -> home.isPresent() && !home.get().equals(entry.record().owner().home()))
            .toList();
    Set<Path> listed = others.isEmpty() ? Set.of() : Set.copyOf(context.finder().unfinished());
    return others.stream().filter(entry -> listed.contains(entry.folder())).toList();
  }

  /** Loads the batch with this id. */
  Batch batch(String id) throws HttpProblemException, IOException {
    return context.batches().load(entry(id).folder());
  }

  /** The catalog entry of the batch with this id. */
  synchronized CatalogEntry entry(String id) throws HttpProblemException, IOException {
    if (!byId.containsKey(id)) {
      stale = true;
    }
    all();
    List<CatalogEntry> found =
        byId.getOrDefault(id, List.of()).stream()
            .filter(entry -> context.outputs().contains(entry.folder()))
            .toList();
    if (found.isEmpty()) {
      throw new HttpProblemException(404, "there is no batch " + id);
    }
    if (found.stream().map(entry -> entry.record().claimId()).distinct().count() > 1) {
      List<Path> folders = found.stream().map(CatalogEntry::folder).toList();
      throw new HttpProblemException(409, new SeveralBatchesException(id, folders).getMessage());
    }
    return upToDate(found.get(0));
  }

  /** Why no run of this batch starts now; empty if nothing is known to hold it back. */
  Optional<String> waiting(CatalogEntry entry) throws IOException {
    Optional<Batch> batch =
        entry.finished() ? Optional.empty() : context.batches().find(entry.folder());
    return batch.isPresent() ? context.states(List.of()).waiting(batch.get()) : Optional.empty();
  }

  private void readAll() throws IOException {
    List<CatalogEntry> found = new ArrayList<>();
    context.finder().folders().forEach(folder -> read(folder).ifPresent(found::add));
    found.sort(Comparator.comparing(CatalogEntry::acceptedAt, Comparator.reverseOrder()));
    cache.keySet().retainAll(found.stream().map(CatalogEntry::folder).collect(Collectors.toSet()));
    all = List.copyOf(found);
    byId = all.stream().collect(Collectors.groupingBy(CatalogEntry::id));
  }

  private Optional<CatalogEntry> read(Path folder) {
    Path summary = folder.resolve(BatchFolder.SUMMARY);
    Cached cached = cache.get(folder);
    try {
      BasicFileAttributes attributes =
          Files.exists(summary)
              ? Files.readAttributes(summary, BasicFileAttributes.class)
              : Files.readAttributes(folder.resolve(BatchFolder.RECORD), BasicFileAttributes.class);
      long modified = attributes.lastModifiedTime().toMillis();
      if (cached == null || cached.modified() != modified || !same(attributes, cached)) {
        BatchRecord record =
            cached == null
                ? Json.read(folder.resolve(BatchFolder.RECORD), BatchRecord.class)
                : cached.entry().record();
        cached = new Cached(fileKey(attributes), modified, entry(folder, record, summary));
        cache.put(folder, cached);
      }
      return Optional.of(upToDate(cached.entry()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // not a readable batch folder
    }
  }

  private static boolean same(BasicFileAttributes attributes, Cached cached) {
    return fileKey(attributes).equals(cached.fileKey());
  }

  private static Object fileKey(BasicFileAttributes attributes) {
    return Optional.ofNullable(attributes.fileKey()).orElse("");
  }

  private static CatalogEntry entry(Path folder, BatchRecord record, Path summary) {
    return new CatalogEntry(folder, record, BatchSummary.read(summary));
  }

  /**
   * Adds the latest counts from the recorder; the summary file lags up to ten seconds behind, but
   * knows more of a batch that was resumed and not read yet. A batch has finished once the recorder
   * has closed it: its report is written after the summary.
   */
  private CatalogEntry upToDate(CatalogEntry entry) {
    return context
        .recorder()
        .find(entry.folder())
        .flatMap(results -> results.isRead() ? Optional.of(results.summary()) : entry.summary())
        .map(BatchSummary::unfinished)
        .map(entry::with)
        .orElse(entry);
  }
}
