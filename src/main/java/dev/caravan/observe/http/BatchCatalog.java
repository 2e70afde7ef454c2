package dev.caravan.observe.http;

import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.record.OpenResults;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All batches of the home, newest first. What is on the disk is read once and again only when it
 * has changed, so that a thousand batches cost a look at each folder.
 */
final class BatchCatalog {

  private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long MOST_FRESH = TimeUnit.SECONDS.toNanos(3);

  /** Many batches are looked at less often: looks without news take a hundredth of the time. */
  private static final long SHARE = 100;

  /**
   * One batch.
   *
   * @param record its batch.json
   * @param acceptedAt the moment of the record, read once: sorting asks for it again and again
   * @param summary how far it is; empty when no file tells
   */
  record Listed(
      Path folder, BatchRecord record, OffsetDateTime acceptedAt, Optional<BatchSummary> summary) {

    private Listed(Path folder, BatchRecord record, Optional<BatchSummary> summary) {
      this(folder, record, OffsetDateTime.parse(record.acceptedAt()), summary);
    }

    private Listed with(BatchSummary now) {
      return new Listed(folder, record, acceptedAt, Optional.of(now));
    }

    String id() {
      return record.id();
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

    int ended() {
      return summary.map(s -> s.counters().ended()).orElse(0);
    }
  }

  private record Known(Object key, long modified, Listed listed) {}

  private final WebContext place;
  private final Map<Path, Known> known = new HashMap<>();
  private List<Listed> all = List.of();
  private Map<String, Listed> byId = Map.of();
  private volatile boolean stale;
  private long readAt = System.nanoTime() - FRESH;
  private long fresh = FRESH;

  BatchCatalog(WebContext place) {
    this.place = place;
    place.news().listen(() -> stale = true);
  }

  /** All batches, newest first; at most three seconds old, and never older than the news. */
  synchronized List<Listed> all() throws IOException {
    long begin = System.nanoTime();
    if (stale || begin - readAt >= fresh) {
      stale = false;
      read();
      readAt = System.nanoTime();
      fresh = Math.min(MOST_FRESH, Math.max(FRESH, SHARE * (readAt - begin)));
    }
    return all;
  }

  /** The batches that the daemon works on, in the order in which they are served. */
  List<Listed> open() throws IOException {
    return all().stream()
        .filter(listed -> place.recorder().find(listed.folder()).isPresent())
        .map(this::now)
        .sorted(Comparator.comparing(Listed::record, BatchRecord.DISPATCH_ORDER))
        .toList();
  }

  /** The batch of this id, with all of its runs. */
  Batch batch(String id) throws HttpProblemException, IOException {
    return place.batches().load(listed(id).folder());
  }

  /** The batch of this id. */
  synchronized Listed listed(String id) throws HttpProblemException, IOException {
    if (!byId.containsKey(id)) {
      stale = true;
    }
    all();
    Listed found = byId.get(id);
    if (found == null || !place.outputs().contains(found.folder())) {
      throw new HttpProblemException(404, "there is no batch " + id);
    }
    return now(found);
  }

  private void read() throws IOException {
    List<Listed> found = new ArrayList<>();
    for (Path base : place.finder().outputFolders()) {
      for (Path name : folders(base)) {
        for (Path folder : folders(name)) {
          look(folder).ifPresent(found::add);
        }
      }
    }
    found.sort(Comparator.comparing(Listed::acceptedAt, Comparator.reverseOrder()));
    Map<String, Listed> ids = new HashMap<>();
    found.forEach(listed -> ids.putIfAbsent(listed.id(), listed));
    known.keySet().retainAll(found.stream().map(Listed::folder).collect(Collectors.toSet()));
    all = List.copyOf(found);
    byId = Map.copyOf(ids);
  }

  private static List<Path> folders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(e -> !e.getFileName().toString().startsWith(".")).toList();
    }
  }

  private Optional<Listed> look(Path folder) {
    Path summary = folder.resolve(ResultWriter.SUMMARY);
    Known before = known.get(folder);
    try {
      BasicFileAttributes now =
          Files.exists(summary)
              ? Files.readAttributes(summary, BasicFileAttributes.class)
              : Files.readAttributes(folder.resolve(Batch.RECORD), BasicFileAttributes.class);
      long modified = now.lastModifiedTime().toMillis();
      if (before == null || before.modified() != modified || !same(now, before)) {
        BatchRecord record =
            before == null
                ? Json.read(folder.resolve(Batch.RECORD), BatchRecord.class)
                : before.listed().record();
        before = new Known(key(now), modified, listed(folder, record, summary));
        known.put(folder, before);
      }
      return Optional.of(now(before.listed()));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // no batch, or none of ours
    }
  }

  private static boolean same(BasicFileAttributes now, Known before) {
    return key(now).equals(before.key());
  }

  private static Object key(BasicFileAttributes attributes) {
    return Optional.ofNullable(attributes.fileKey()).orElse("");
  }

  private static Listed listed(Path folder, BatchRecord record, Path summary) {
    return new Listed(folder, record, BatchSummary.read(summary));
  }

  /** With what the recorder knows, which files tell up to ten seconds later. */
  private Listed now(Listed listed) {
    return place
        .recorder()
        .find(listed.folder())
        .map(OpenResults::summary)
        .map(listed::with)
        .orElse(listed);
  }
}
